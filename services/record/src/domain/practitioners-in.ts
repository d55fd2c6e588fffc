import { type MedicalRecord, newestOf } from './record.js';

/** Every practitioner who is named in the newest versions of a record. */
export function practitionersIn(record: MedicalRecord): string[] {
  const named = record.entries.flatMap((entry) => {
    const { author, content } = newestOf(entry);
    return [author.practitionerId, 'practitionerId' in content ? content.practitionerId : undefined];
  });
  return [...new Set(named.filter((id) => id !== undefined))];
}
