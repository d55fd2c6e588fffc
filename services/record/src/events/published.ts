import { fact } from '@cabinet/contracts';
import type { EntryKind } from '../domain/contents.js';
import { type Happening, type MedicalRecord, newestOf } from '../domain/record.js';

/**
 * What the practice hears when something happens to a record: which entry, never what it says; by whom it was opened in an
 * emergency, never their words.
 */
export function toFact({ patientId, version }: MedicalRecord, happening: Happening) {
  switch (happening.kind) {
    case 'opened':
      return fact('record.opened', patientId, { patientId, version });
    case 'entry-added':
    case 'entry-amended': {
      const { entry } = happening;
      return fact(`record.${happening.kind}`, patientId, {
        patientId,
        entryId: entry.id,
        kind: toldKind(entry.kind),
        version: newestOf(entry).number,
        ...(entry.keptFromGuardians && { keptFromGuardians: true }),
      });
    }
    case 'emergency-access-opened': {
      const { id: accessId, practitionerId, reasonCode } = happening.access;
      return fact('record.emergency-access-opened', patientId, {
        patientId,
        version,
        accessId,
        practitionerId,
        reasonCode,
      });
    }
    case 'data-erased':
      return fact('record.patient-data-erased', patientId, { patientId, what: happening.what });
    default:
      return happening satisfies never;
  }
}

// That no allergy is known is a word about allergies, as in FHIR.
const toldKind = (kind: EntryKind) => (kind === 'no-known-allergies' ? 'allergy' : kind);
