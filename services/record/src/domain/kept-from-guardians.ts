import type { AccessGrant } from './access-grants.js';
import type { Entry, MedicalRecord } from './record.js';

/** A record as somebody sees it. It has no status, so nobody stores it as the record. */
export interface SeenRecord
  extends Pick<MedicalRecord, 'patientId' | 'version' | 'openedAt' | 'mergedFrom' | 'entries'> {
  /** True when there may be more in the record. */
  isPartial: boolean;
}

export const isKept = ({ keptFromGuardians = false }: Entry | AccessGrant): boolean => keptFromGuardians;

export const whole = ({ patientId, version, openedAt, mergedFrom, entries }: MedicalRecord): SeenRecord => ({
  patientId,
  version,
  openedAt,
  mergedFrom,
  entries,
  isPartial: false,
});

/**
 * What a guardian sees: the record as it would be if nothing were kept from them, its version counted from what they see.
 * That no allergy is known is told to no guardian. One may be kept from them, so it could be wrong; and whoever is told so until
 * it is, would learn from the silence that there is one.
 */
export function withoutKept(record: MedicalRecord): SeenRecord {
  const entries = record.entries.filter((entry) => !isKept(entry) && entry.kind !== 'no-known-allergies');
  const changes = entries.reduce((count, { versions }) => count + versions.length, record.mergedFrom.length);
  return { ...whole(record), version: 1 + changes, entries, isPartial: true };
}

/** What a carer sees, who is not told what their patient kept from guardians as a minor. */
export const withoutMarks = (record: MedicalRecord): SeenRecord => ({
  ...whole(record),
  entries: record.entries.map(({ keptFromGuardians: _, ...entry }) => entry),
});
