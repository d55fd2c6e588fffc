import { isDuplicateKey } from '@cabinet/mongo/duplicate-key';
import type { EventSource } from '@cabinet/mongo/event-source';
import { type Documents, documentsOf, type MongoOrm } from '@cabinet/mongo/orm';
import type { Records } from '../domain/ports.js';
import type { Happening, MedicalRecord } from '../domain/record.js';
import { type RecordDocument, RecordSchema, recordCollection, toRecord } from './record.schema.js';

type RecordEvents = EventSource<[MedicalRecord, Happening]>;

/** One document a record; every change of one is made together with what is told of it. */
export class MongoRecords implements Records {
  constructor(
    private readonly orm: MongoOrm,
    private readonly events: RecordEvents,
  ) {}

  async find(patientId: string): Promise<MedicalRecord | undefined> {
    const row = await this.orm.em.fork().findOne(RecordSchema, { _id: patientId });
    return row ? toRecord(row) : undefined;
  }

  add(record: MedicalRecord, told: Happening[]): Promise<boolean> {
    const { patientId, version } = record;
    return this.events.change(patientId, version, happened(record, told), async () => {
      try {
        await this.documents().insertOne({ _id: patientId, version, ...contentOf(record) });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }

  save(record: MedicalRecord, told: Happening[]): Promise<boolean> {
    const { patientId } = record;
    const version = record.version + 1;
    return this.events.change(patientId, version, happened(record, told), async () => {
      const change = { $set: { ...contentOf(record), version } };
      const saved = await this.documents().updateOne({ _id: patientId, version: record.version }, change);
      return saved.matchedCount === 1;
    });
  }

  private documents(): Documents<RecordDocument> {
    return documentsOf(this.orm, recordCollection);
  }
}

const happened = (record: MedicalRecord, told: Happening[]): [MedicalRecord, Happening][] =>
  told.map((happening) => [record, happening]);

const contentOf = ({ status, openedAt, mergedInto, mergedFrom, entries }: MedicalRecord) => ({
  status,
  openedAt,
  mergedInto: mergedInto ?? null,
  mergedFrom,
  entries,
});
