import { fact } from '@cabinet/contracts';
import type { Patient } from '../domain/patient.js';
import type { Happening } from '../domain/ports.js';
import type { RelatedPerson } from '../domain/related-person.js';

/** What the practice hears when something happens to a patient: ids and names of fields, nothing personal. */
export function toFact({ id, version }: Pick<Patient, 'id' | 'version'>, happening: Happening) {
  const data = { patientId: id, version };
  switch (happening.kind) {
    case 'registered':
      return fact('patient.registered', id, data);
    case 'updated':
      return fact('patient.updated', id, { ...data, changed: happening.changed });
    case 'merged':
      return fact('patient.merged', id, { ...data, mergedIntoPatientId: happening.mergedInto });
    case 'erased':
      return fact('patient.erased', id, { ...data, ...(happening.isAgain && { again: true }) });
    case 'age-nearing':
    case 'age-reached':
      return fact(`patient.${happening.kind}`, id, {
        ...data,
        age: happening.age,
        sections: [...happening.sections],
      });
    default:
      return happening satisfies never;
  }
}

/** What the practice hears of who may act for whom: all that decides it. */
export const toRelatedFact = (relation: RelatedPerson, happened: 'given' | 'changed' | 'ended') =>
  fact(`related-person.${happened}`, relation.id, {
    relatedPersonId: relation.id,
    version: relation.version,
    patientId: relation.patientId,
    relatedPatientId: relation.relatedPatientId,
    relationship: relation.relationship,
    sections: [...relation.sections],
    until: relation.until?.toISOString(),
    ...(relation.ends.length > 0 && {
      ends: relation.ends.map(({ section, at }) => ({ section, at: at.toISOString() })),
    }),
  });
