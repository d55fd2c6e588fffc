import { patientClient, practitionerClient } from '@cabinet/contracts';
import { Unavailable } from '@cabinet/kit/errors';
import type { Logger } from '@cabinet/kit/observe/log';
import { answerOf, NeighbourRefused, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Neighbours, PatientFacts, PractitionerFacts, Section } from '../domain/ports.js';

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

/** Asks the patient and practitioner services through the own sidecar; nothing of their answers is kept. */
export class DaprNeighbours implements Neighbours {
  private readonly patientService: ReturnType<typeof patientClient>;
  private readonly practitionerService: ReturnType<typeof practitionerClient>;

  constructor(
    sidecar: SidecarAddress,
    private readonly log: Logger,
  ) {
    this.patientService = patientClient({ baseUrl: 'http://patient', fetch: neighbour(sidecar, 'patient') });
    const fetch = neighbour(sidecar, 'practitioner');
    this.practitionerService = practitionerClient({ baseUrl: 'http://practitioner', fetch });
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
