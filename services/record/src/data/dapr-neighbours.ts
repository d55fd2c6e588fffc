import { type Logger, type SidecarAddress, Unavailable } from '@cabinet/kit';
import { z } from 'zod';
import type { Neighbours, PatientFacts, PractitionerFacts, Section } from '../domain/ports.js';
import { ask } from './ask.js';

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
  constructor(
    private readonly sidecar: SidecarAddress,
    private readonly log: Logger,
  ) {}

  patient(id: string): Promise<Section<PatientFacts>> {
    return this.section(async () => {
      const facts = await ask(this.sidecar, 'patient', `/api/patients/${id}`, patientFacts);
      if (!facts) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The patient service does not know the patient');
      return facts;
    });
  }

  practitioners(ids: string[]): Promise<Section<PractitionerFacts[]>> {
    return this.section(async () => {
      const found = await Promise.all(
        ids.map((id) => ask(this.sidecar, 'practitioner', `/api/practitioners/${id}`, practitionerFacts)),
      );
      return found.filter((facts) => facts !== undefined);
    });
  }

  private async section<T>(askAll: () => Promise<T>): Promise<Section<T>> {
    try {
      return { state: 'complete', facts: await askAll() };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.log.warn({ code: error.code, err: error.cause }, 'a section of the record is unavailable');
      return { state: 'unavailable' };
    }
  }
}
