import { fact } from '@cabinet/contracts';
import type { EntryKind } from '../domain/contents.js';
import { type Happening, type MedicalRecord, newestOf } from '../domain/record.js';

/** What the practice hears when something happens to a record: which entry, never what it says. */
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
      });
    }
    default:
      return happening satisfies never;
  }
}

// That no allergy is known is a word about allergies, as in FHIR.
const toldKind = (kind: EntryKind) => (kind === 'no-known-allergies' ? 'allergy' : kind);
