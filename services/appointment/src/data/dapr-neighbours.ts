import { type Clock, neighbour, type SidecarAddress, Unavailable } from '@cabinet/kit';
import { z } from 'zod';
import type { Neighbours, PatientFacts, PractitionerFacts } from '../domain/ports.js';
import { ShortMemory } from './short-memory.js';

const patient = z.object({ id: z.uuid(), active: z.boolean() });
const practitioner = z.object({
  id: z.uuid(),
  active: z.boolean(),
  places: z.array(z.object({ id: z.uuid(), zone: z.string() })),
  appointmentTypes: z.array(z.object({ id: z.uuid(), name: z.string(), minutes: z.number().int().positive() })),
});

/** Longest time that an answer is used again, in milliseconds. */
const freshMs = 5_000;

/** Asks the patient and practitioner services through the own sidecar. */
export class DaprNeighbours implements Neighbours {
  private readonly patients: ShortMemory<PatientFacts | undefined>;
  private readonly practitioners: ShortMemory<PractitionerFacts | undefined>;

  constructor(sidecar: SidecarAddress, clock: Clock) {
    const askPatient = asker(sidecar, 'patient', '/api/patients', patient);
    const askPractitioner = asker(sidecar, 'practitioner', '/api/practitioners', practitioner);
    this.patients = new ShortMemory(askPatient, { freshMs, clock });
    this.practitioners = new ShortMemory(askPractitioner, { freshMs, clock });
  }

  patient(id: string): Promise<PatientFacts | undefined> {
    return this.patients.get(id);
  }

  practitioner(id: string): Promise<PractitionerFacts | undefined> {
    return this.practitioners.get(id);
  }
}

/** Asks for one thing by id; undefined when the owner says there is none (404, 410). */
function asker<T>(sidecar: SidecarAddress, appId: string, path: string, schema: z.ZodType<T>) {
  const send = neighbour(sidecar, appId);
  return async (id: string): Promise<T | undefined> => {
    const response = await send(
      new Request(`http://${appId}${path}/${id}`, { headers: { accept: 'application/json' } }),
    );
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel();
      return undefined;
    }
    const body = response.ok ? schema.safeParse(await response.json()) : undefined;
    if (body?.success) return body.data;
    throw new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service did not give a usable answer`, {
      cause: body?.error ?? new Error(`answered ${response.status}`),
    });
  };
}
