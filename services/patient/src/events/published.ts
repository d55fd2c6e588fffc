import { fact } from '@cabinet/contracts';
import type { Patient } from '../domain/patient.js';
import type { Happening } from '../domain/ports.js';

/** What the practice hears when something happens to a patient: ids and names of fields, nothing personal. */
export function toFact({ id, version }: Patient, happening: Happening) {
  const data = { patientId: id, version };
  switch (happening.kind) {
    case 'registered':
      return fact('patient.registered', id, data);
    case 'updated':
      return fact('patient.updated', id, { ...data, changed: happening.changed });
    case 'merged':
      return fact('patient.merged', id, { ...data, mergedIntoPatientId: happening.mergedInto });
    case 'erased':
      return fact('patient.erased', id, data);
    default:
      return happening satisfies never;
  }
}
