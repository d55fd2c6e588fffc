import { type FieldError, InvalidInput } from '@cabinet/kit/errors';
import type { Neighbours } from './neighbours.js';

/** Whom a login is to be. */
export interface Links {
  patientId?: string | null;
  practitionerId?: string | null;
}

/** Logins lead to people whom the practice has, as the services that keep them say. */
export class Directory {
  constructor(private readonly neighbours: Neighbours) {}

  /**
   * @param wanted what is new of them, for nobody is asked of what stands already
   * @returns the same, with the id that a patient who was merged has now
   * @throws InvalidInput (422) naming each that leads to nobody, Unavailable (503) when those who know cannot be asked
   */
  async known<T extends Links>(wanted: T): Promise<T> {
    const { patientId, practitionerId } = wanted;
    const [current, isPractitioner] = await Promise.all([
      patientId && this.neighbours.currentPatientId(patientId),
      practitionerId && this.neighbours.isPractitioner(practitionerId),
    ]);
    const fields: FieldError[] = [];
    if (patientId && !current) fields.push({ path: 'patientId', code: 'UNKNOWN', message: 'is not a known patient' });
    if (practitionerId && !isPractitioner) {
      fields.push({ path: 'practitionerId', code: 'UNKNOWN', message: 'is not a known practitioner' });
    }
    if (fields.length > 0) throw new InvalidInput(fields);
    return current ? { ...wanted, patientId: current } : wanted;
  }
}
