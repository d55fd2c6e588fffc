import type { CloudEvent } from '@cabinet/kit';
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
    /** Events that tell of this record and have not been published yet. */
    outbox: p.json<CloudEvent[]>().lazy(),
  },
  // What the relay looks for after a crash.
  indexes: [{ name: 'medical_record_outbox_time', options: { 'outbox.time': 1 } }],
});

type RecordRow = InferEntity<typeof RecordSchema>;
export type RecordDocument = Omit<RecordRow, 'outbox'> & { outbox: CloudEvent[] };

export const toRecord = (row: Omit<RecordRow, 'outbox'>): MedicalRecord => ({
  patientId: row._id,
  version: row.version,
  status: row.status,
  openedAt: row.openedAt,
  mergedInto: row.mergedInto ?? undefined,
  mergedFrom: row.mergedFrom,
  entries: row.entries,
});
