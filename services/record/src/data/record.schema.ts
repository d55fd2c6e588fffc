import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Entry, MedicalRecord, RecordStatus } from '../domain/record.js';

export const recordCollection = 'medical_record';

/** One document a patient, under the patient's id: so there can be no second one. */
export const RecordSchema = defineEntity({
  name: 'MedicalRecord',
  collection: recordCollection,
  properties: {
    _id: p.string().primary(),
    version: p.integer(),
    status: p.string().$type<RecordStatus>(),
    openedAt: p.datetime(),
    mergedInto: p.string().nullable(),
    mergedFrom: p.array(),
    entries: p.json<Entry[]>(),
  },
});

export type RecordDocument = InferEntity<typeof RecordSchema>;

export const toRecord = (row: RecordDocument): MedicalRecord => ({
  patientId: row._id,
  version: row.version,
  status: row.status,
  openedAt: row.openedAt,
  mergedInto: row.mergedInto ?? undefined,
  mergedFrom: row.mergedFrom,
  entries: row.entries,
});
