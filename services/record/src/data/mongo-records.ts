import type { CloudEvent } from '@cabinet/kit';
import {
  type Documents,
  documentsOf,
  type Fact,
  isDuplicateKey,
  type MongoOrm,
  toCloudEvent,
} from '@cabinet/kit/mongo';
import type { Records } from '../domain/ports.js';
import type { Happening, MedicalRecord } from '../domain/record.js';
import { type RecordDocument, RecordSchema, recordCollection, toRecord } from './record.schema.js';

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(record: MedicalRecord, happening: Happening): Fact;
  /** Called after a write that told something. */
  told(patientId: string): void;
}

/** A record and its untold events are one document, so that they are stored in one step. */
export class MongoRecords implements Records {
  constructor(
    private readonly orm: MongoOrm,
    private readonly telling: Telling,
  ) {}

  async find(patientId: string): Promise<MedicalRecord | undefined> {
    const row = await this.orm.em.fork().findOne(RecordSchema, { _id: patientId });
    return row ? toRecord(row) : undefined;
  }

  async add(record: MedicalRecord, told: Happening[]): Promise<boolean> {
    const { patientId, mergedInto, ...rest } = record;
    const outbox = this.eventsOf(record, told);
    try {
      await this.documents().insertOne({ _id: patientId, ...rest, mergedInto: mergedInto ?? null, outbox });
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
    this.wake(patientId, told);
    return true;
  }

  async save(record: MedicalRecord, told: Happening[]): Promise<boolean> {
    const { patientId, version, mergedInto, ...rest } = record;
    // The outbox is only added to: the relay takes out what it has published at any time.
    const saved = await this.documents().updateOne(
      { _id: patientId, version },
      {
        $set: { ...rest, mergedInto: mergedInto ?? null, version: version + 1 },
        $push: { outbox: { $each: this.eventsOf(record, told) } },
      },
    );
    if (saved.matchedCount === 0) return false;
    this.wake(patientId, told);
    return true;
  }

  private eventsOf(record: MedicalRecord, told: Happening[]): CloudEvent[] {
    const { source, toFact } = this.telling;
    return told.map((happening) => toCloudEvent(source, toFact(record, happening)));
  }

  private wake(patientId: string, told: Happening[]): void {
    if (told.length > 0) this.telling.told(patientId);
  }

  private documents(): Documents<RecordDocument> {
    return documentsOf(this.orm, recordCollection);
  }
}
