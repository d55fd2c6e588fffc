import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { AccessGrant } from '../domain/access-grants.js';
import type { EmergencyAccess } from '../domain/emergency-access.js';
import type { Entry, MedicalRecord, RecordStatus } from '../domain/record.js';

export const recordCollection = 'medical_record';

/** One document a patient, under the patient's id: so there can be no second one. */
export const RecordSchema = defineEntity({
  name: 'MedicalRecord',
  collection: recordCollection,
  indexes: [{ properties: ['reviewDue', '_id'] }, { properties: ['keptUntil'] }],
  properties: {
    _id: p.string().primary(),
    version: p.integer(),
    status: p.string().$type<RecordStatus>(),
    openedAt: p.datetime(),
    mergedInto: p.string().nullable(),
    mergedFrom: p.array(),
    /** Null but in an erased one of which something is kept. */
    keptUntil: p.datetime().nullable(),
    entries: p.json<Entry[]>(),
    // Records from before have none of these.
    isEarly: p.boolean().nullable(),
    grants: p.json<readonly AccessGrant[]>().nullable(),
    emergencies: p.json<readonly EmergencyAccess[]>().nullable(),
    /** Null when no emergency access waits for a verdict. */
    reviewDue: p.datetime().nullable(),
  },
});

export type RecordDocument = InferEntity<typeof RecordSchema>;

export const toRecord = (row: RecordDocument): MedicalRecord => ({
  patientId: row._id,
  version: row.version,
  status: row.status,
  openedAt: row.openedAt,
  isEarly: row.isEarly ?? false,
  mergedInto: row.mergedInto ?? undefined,
  mergedFrom: row.mergedFrom,
  keptUntil: row.keptUntil ?? undefined,
  entries: row.entries,
  grants: row.grants ?? [],
  emergencies: row.emergencies ?? [],
});
