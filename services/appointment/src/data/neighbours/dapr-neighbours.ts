import { patientClient, practitionerClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { AnswerCache } from '@cabinet/service/answer-cache';
import { Batches } from '@cabinet/service/batches';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Identifier, Neighbours, PatientFacts, PractitionerFacts } from '../../domain/neighbours.js';

const status = z.object({
  patientId: z.uuid(),
  active: z.boolean(),
  deceased: z.boolean(),
  mergedInto: z.uuid().optional(),
});
const statuses = z.object({ items: z.array(status) });
const patient = z.object({ familyName: z.string(), givenNames: z.array(z.string()) });
const practitioner = z.object({
  id: z.uuid(),
  active: z.boolean(),
  places: z.array(z.object({ id: z.uuid(), zone: z.string() })),
  appointmentTypes: z.array(z.object({ id: z.uuid(), name: z.string(), minutes: z.number().int().positive() })),
});
const resolved = z.object({
  items: z.array(z.object({ system: z.string(), value: z.string(), patientId: z.uuid(), active: z.boolean() })),
});
const practitioners = z.object({ items: z.array(practitioner), nextCursor: z.string().optional() });

interface PatientStatus extends PatientFacts {
  deceased: boolean;
}

/** Longest time that an answer is used again, in milliseconds. */
const freshMs = 5_000;

/** Asks the patient and practitioner services through the own sidecar. */
export class DaprNeighbours implements Neighbours {
  private readonly patientService: ReturnType<typeof patientClient>;
  private readonly practitionerService: ReturnType<typeof practitionerClient>;
  private readonly patients: AnswerCache<PatientFacts | undefined>;
  private readonly practitioners: AnswerCache<PractitionerFacts | undefined>;
  private readonly specialities: AnswerCache<PractitionerFacts[]>;

  constructor(sidecar: SidecarAddress, clock: Clock) {
    this.patientService = patientClient({ baseUrl: 'http://patient', fetch: neighbour(sidecar, 'patient') });
    const fetch = neighbour(sidecar, 'practitioner');
    this.practitionerService = practitionerClient({ baseUrl: 'http://practitioner', fetch });
    // All who are asked for while an answer is on its way are asked for together.
    const questions = new Batches((ids: string[]) => this.statusesOf(ids));
    this.patients = new AnswerCache((id) => questions.add(id), { freshMs, clock });
    this.practitioners = new AnswerCache((id) => this.factsOf(id), { freshMs, clock });
    this.specialities = new AnswerCache((speciality) => this.allOf(speciality), { freshMs, clock, entriesMax: 100 });
  }

  patient(id: string): Promise<PatientFacts | undefined> {
    return this.patients.get(id);
  }

  practitioner(id: string): Promise<PractitionerFacts | undefined> {
    return this.practitioners.get(id);
  }

  receivingPractitioners(speciality = ''): Promise<PractitionerFacts[]> {
    return this.specialities.get(speciality);
  }

  async patientName(id: string): Promise<string | undefined> {
    const asked = this.patientService.GET('/api/patients/{id}', { params: { path: { id } } });
    const found = await answerOf('patient', asked, patient);
    return found && `${found.familyName.toUpperCase()} ${found.givenNames.join(' ')}`;
  }

  async hasDied(id: string): Promise<boolean> {
    return (await this.statusesOf([id]))[0]?.deceased ?? false;
  }

  async isInUse(id: string): Promise<boolean> {
    return (await this.factsOf(id))?.active ?? false;
  }

  // Identifiers go in the body: addresses end up in logs and traces.
  async patientsByIdentifier(identifiers: Identifier[]): Promise<(Identifier & { patient: PatientFacts })[]> {
    const asked = this.patientService.POST('/api/patients/resolve', { body: { identifiers } });
    const found = await answerOf('patient', asked, resolved);
    return (found?.items ?? []).map(({ system, value, patientId, active }) => ({
      system,
      value,
      patient: { id: patientId, active },
    }));
  }

  async practitionerByRpps(rpps: string): Promise<PractitionerFacts | undefined> {
    const asked = this.practitionerService.GET('/api/practitioners', { params: { query: { rpps } } });
    return (await answerOf('practitioner', asked, practitioners))?.items[0];
  }

  private async statusesOf(patientIds: string[]): Promise<(PatientStatus | undefined)[]> {
    const asked = this.patientService.POST('/api/patients/status', { body: { patientIds } });
    const found = await answerOf('patient', asked, statuses);
    // Those who do not exist are left out of the answer; that there is none means that nobody could be asked.
    if (!found) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The patient service did not give a usable answer');
    const known = new Map(found.items.map(({ patientId, ...its }) => [patientId, { id: patientId, ...its }]));
    return patientIds.map((id) => known.get(id));
  }

  private async allOf(speciality: string): Promise<PractitionerFacts[]> {
    const all: PractitionerFacts[] = [];
    let cursor: string | undefined;
    do {
      const query = { speciality: speciality || undefined, active: true, limit: 100, cursor };
      const asked = this.practitionerService.GET('/api/practitioners', { params: { query } });
      const page = await answerOf('practitioner', asked, practitioners);
      all.push(...(page?.items ?? []));
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
    return all;
  }

  private factsOf(id: string): Promise<PractitionerFacts | undefined> {
    const asked = this.practitionerService.GET('/api/practitioners/{id}', { params: { path: { id } } });
    return answerOf('practitioner', asked, practitioner);
  }
}
