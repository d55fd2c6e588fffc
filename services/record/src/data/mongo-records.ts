import { isDuplicateKey } from '@cabinet/mongo/duplicate-key';
import type { EventSource } from '@cabinet/mongo/event-source';
import { type Documents, documentsOf, type MongoOrm } from '@cabinet/mongo/orm';
import { type EmergencyAccess, reviewDue } from '../domain/emergency-access.js';
import type { Records, ReviewedRecord, ReviewQuestion } from '../domain/ports.js';
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
    return this.events.change(patientId, version, happened({ ...record, version }, told), async () => {
      const change = { $set: { ...contentOf(record), version } };
      const saved = await this.documents().updateOne({ _id: patientId, version: record.version }, change);
      return saved.matchedCount === 1;
    });
  }

  async keptUntil(now: Date, limit: number): Promise<MedicalRecord[]> {
    const over = { status: 'erased' as const, keptUntil: { $ne: null, $lte: now } };
    return (await this.orm.em.fork().find(RecordSchema, over, { limit })).map(toRecord);
  }

  async unreviewed({ after, limit }: ReviewQuestion): Promise<ReviewedRecord[]> {
    const waits = { reviewDue: { $gt: after?.due ?? beginning } };
    const isAfter = after ? { $or: [waits, { reviewDue: after.due, _id: { $gt: after.patientId } }] } : waits;
    const rows = await this.documents()
      .find(isAfter, { projection: { reviewDue: 1, emergencies: 1 } })
      .sort({ reviewDue: 1, _id: 1 })
      .limit(limit)
      .toArray();
    return rows.map(({ _id, reviewDue, emergencies }) => ({
      patientId: _id,
      due: reviewDue as Date,
      emergencies: emergencies ?? [],
    }));
  }

  private documents(): Documents<RecordDocument> {
    return documentsOf(this.orm, recordCollection);
  }
}

/** Comes before every date, and after what is none. */
const beginning = new Date(0);

const happened = (record: MedicalRecord, told: Happening[]): [MedicalRecord, Happening][] =>
  told.map((happening) => [record, happening]);

const contentOf = ({
  status,
  openedAt,
  isEarly = false,
  mergedInto,
  mergedFrom,
  keptUntil,
  entries,
  grants,
  emergencies,
}: MedicalRecord) => ({
  status,
  openedAt,
  isEarly,
  mergedInto: mergedInto ?? null,
  mergedFrom,
  keptUntil: keptUntil ?? null,
  entries,
  grants,
  emergencies,
  // While they are on their way to another record, that one tells of them.
  reviewDue: status === 'merging' ? null : firstDue(emergencies),
});

function firstDue(emergencies: readonly EmergencyAccess[]): Date | null {
  const unjudged = emergencies.filter(({ verdict }) => !verdict);
  return unjudged.length > 0 ? new Date(Math.min(...unjudged.map((each) => reviewDue(each).getTime()))) : null;
}
