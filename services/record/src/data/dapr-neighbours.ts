import { patientClient, practitionerClient, wearableClient } from '@cabinet/contracts';
import { Unavailable } from '@cabinet/kit/errors';
import type { Logger } from '@cabinet/kit/observe/log';
import { answerOf, asFaultOf, NeighbourRefused, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type {
  Neighbours,
  PatientFacts,
  PractitionerFacts,
  ReadingFacts,
  ReadingPlace,
  Section,
} from '../domain/ports.js';

const patientFacts = z.object({
  id: z.uuid(),
  active: z.boolean(),
  familyName: z.string(),
  givenNames: z.array(z.string()),
  birthName: z.string().optional(),
  birthDate: z.string(),
  gender: z.string(),
});
const practitionerFacts = z.object({ id: z.uuid(), familyName: z.string(), givenNames: z.array(z.string()) });

const curve = z.object({
  code: z.string(),
  name: z.string(),
  unit: z.string(),
  items: z.array(
    z.object({
      id: z.uuid(),
      at: z.string(),
      value: z.number(),
      deviceId: z.uuid().optional(),
      certainty: z.enum(['sure', 'likely', 'doubtful']),
      flags: z.array(z.string()),
    }),
  ),
});

/** Asks the patient, practitioner and wearable services through the own sidecar; nothing of their answers is kept. */
export class DaprNeighbours implements Neighbours {
  private readonly patientService: ReturnType<typeof patientClient>;
  private readonly practitionerService: ReturnType<typeof practitionerClient>;
  private readonly wearableService: ReturnType<typeof wearableClient>;

  constructor(
    sidecar: SidecarAddress,
    private readonly log: Logger,
  ) {
    this.patientService = patientClient({ baseUrl: 'http://patient', fetch: neighbour(sidecar, 'patient') });
    const fetch = neighbour(sidecar, 'practitioner');
    this.practitionerService = practitionerClient({ baseUrl: 'http://practitioner', fetch });
    this.wearableService = wearableClient({ baseUrl: 'http://wearable', fetch: neighbour(sidecar, 'wearable') });
  }

  patient(id: string): Promise<Section<PatientFacts>> {
    return this.section(async () => {
      const asked = this.patientService.GET('/api/patients/{id}', { params: { path: { id } } });
      const facts = await answerOf('patient', asked, patientFacts);
      if (!facts) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The patient service does not know the patient');
      return facts;
    });
  }

  practitioners(ids: string[]): Promise<Section<PractitionerFacts[]>> {
    return this.section(async () => {
      const found = await Promise.all(ids.map((id) => this.practitioner(id)));
      return found.filter((facts) => facts !== undefined);
    });
  }

  practitioner(id: string): Promise<PractitionerFacts | undefined> {
    const asked = this.practitionerService.GET('/api/practitioners/{id}', { params: { path: { id } } });
    return answerOf('practitioner', asked, practitionerFacts);
  }

  async reading({ patientId, code, effectiveAt, readingId }: ReadingPlace): Promise<ReadingFacts | undefined> {
    const [from, to] = [effectiveAt, new Date(effectiveAt.getTime() + 1)].map((each) => each.toISOString()) as [
      string,
      string,
    ];
    const query = { patientId, code, from, to, resolution: 'raw' as const };
    const asked = this.wearableService.GET('/api/readings', { params: { query } });
    const found = await answerOf('wearable', asked, curve).catch(asFaultOf('code'));
    const reading = found?.items.find(({ id }) => id === readingId);
    if (!found || !reading) return undefined;
    const { id: _, ...said } = reading;
    return { ...said, code: found.code, name: found.name, unit: found.unit };
  }

  private async section<T>(askAll: () => Promise<T>): Promise<Section<T>> {
    try {
      return { state: 'complete', facts: await askAll() };
    } catch (error) {
      // What a neighbour takes for wrong is a defect, but none for which the rest of a record may be withheld.
      if (error instanceof NeighbourRefused) this.log.error({ err: error }, 'a section of the record was refused');
      else if (error instanceof Unavailable)
        this.log.warn({ code: error.code, err: error.cause }, 'a section of the record is unavailable');
      else throw error;
      return { state: 'unavailable' };
    }
  }
}
