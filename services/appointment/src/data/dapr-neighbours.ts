import { Batches, type Clock, neighbour, type SidecarAddress, Unavailable } from '@cabinet/kit';
import { z } from 'zod';
import type { Identifier, Neighbours, PatientFacts, PractitionerFacts } from '../domain/ports.js';
import { ShortMemory } from './short-memory.js';

const statuses = z.object({ items: z.array(z.object({ patientId: z.uuid(), active: z.boolean() })) });
const practitioner = z.object({
  id: z.uuid(),
  active: z.boolean(),
  places: z.array(z.object({ id: z.uuid(), zone: z.string() })),
  appointmentTypes: z.array(z.object({ id: z.uuid(), name: z.string(), minutes: z.number().int().positive() })),
});
const resolved = z.object({
  items: z.array(z.object({ system: z.string(), value: z.string(), patientId: z.uuid(), active: z.boolean() })),
});
const practitioners = z.object({ items: z.array(practitioner) });

/** Longest time that an answer is used again, in milliseconds. */
const freshMs = 5_000;

/** Asks the patient and practitioner services through the own sidecar. */
export class DaprNeighbours implements Neighbours {
  private readonly askPatient: Asker;
  private readonly askPractitioner: Asker;
  private readonly patients: ShortMemory<PatientFacts | undefined>;
  private readonly practitioners: ShortMemory<PractitionerFacts | undefined>;

  constructor(sidecar: SidecarAddress, clock: Clock) {
    this.askPatient = asker(sidecar, 'patient');
    this.askPractitioner = asker(sidecar, 'practitioner');
    // All who are asked for while an answer is on its way are asked for together.
    const questions = new Batches((ids: string[]) => this.statusesOf(ids));
    this.patients = new ShortMemory((id) => questions.add(id), { freshMs, clock });
    this.practitioners = new ShortMemory((id) => this.askPractitioner(`/api/practitioners/${id}`, practitioner), {
      freshMs,
      clock,
    });
  }

  patient(id: string): Promise<PatientFacts | undefined> {
    return this.patients.get(id);
  }

  practitioner(id: string): Promise<PractitionerFacts | undefined> {
    return this.practitioners.get(id);
  }

  private async statusesOf(patientIds: string[]): Promise<(PatientFacts | undefined)[]> {
    const found = await this.askPatient('/api/patients/status', statuses, { patientIds });
    if (!found) throw unusable('patient', new Error('there is no such question'));
    const known = new Map(found.items.map(({ patientId, active }) => [patientId, { id: patientId, active }]));
    return patientIds.map((id) => known.get(id.toLowerCase()));
  }

  // Identifiers go in the body: addresses end up in logs and traces.
  async patientsByIdentifier(identifiers: Identifier[]): Promise<(Identifier & { patient: PatientFacts })[]> {
    const found = await this.askPatient('/api/patients/resolve', resolved, { identifiers });
    return (found?.items ?? []).map(({ system, value, patientId, active }) => ({
      system,
      value,
      patient: { id: patientId, active },
    }));
  }

  async practitionerByRpps(rpps: string): Promise<PractitionerFacts | undefined> {
    const found = await this.askPractitioner(`/api/practitioners?${new URLSearchParams({ rpps })}`, practitioners);
    return found?.items[0];
  }
}

type Asker = <T>(path: string, schema: z.ZodType<T>, body?: object) => Promise<T | undefined>;

/** Asks a neighbour; undefined when it says there is no such thing (404, 410). */
function asker(sidecar: SidecarAddress, appId: string): Asker {
  const send = neighbour(sidecar, appId);
  return async (path, schema, body) => {
    const question = new Request(`http://${appId}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const response = await send(question);
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel();
      return undefined;
    }
    const answer = response.ok ? schema.safeParse(await response.json()) : undefined;
    if (answer?.success) return answer.data;
    throw unusable(appId, answer?.error ?? new Error(`answered ${response.status}`));
  };
}

const unusable = (appId: string, cause: Error) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service did not give a usable answer`, { cause });
