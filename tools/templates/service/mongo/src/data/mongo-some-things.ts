import { staleVersion } from '@cabinet/kit/http/etag';
import { isDuplicateKey } from '@cabinet/mongo/duplicate-key';
import type { EventSource } from '@cabinet/mongo/event-source';
import { type Documents, documentsOf } from '@cabinet/mongo/orm';
import type { MongoStore } from '@cabinet/mongo/store';
import type { Fate } from '@cabinet/service/erasure-receipt';
import { PatientErased } from '../domain/errors.js';
import type { AfterSomeThing, Happening, SomeThings, Told } from '../domain/ports.js';
import { existing, type SomeThing } from '../domain/some-thing.js';
import { PatientsGone } from './patients-gone.js';
import { type SomeThingDocument, SomeThingSchema, someThingCollection, toSomeThing } from './some-thing.schema.js';

const triesMax = 40;

type SomeThingEvents = EventSource<[Told, Happening]>;

/** One document each; every change of one is made together with what is told of it. */
export class MongoSomeThings implements SomeThings {
  private readonly gone: PatientsGone;

  constructor(
    private readonly store: Pick<MongoStore, 'orm' | 'keptAnswers'>,
    private readonly events: SomeThingEvents,
  ) {
    this.gone = new PatientsGone(store.orm);
  }

  async find(id: string): Promise<SomeThing | undefined> {
    const row = await this.store.orm.em.fork().findOne(SomeThingSchema, { _id: id });
    return row ? toSomeThing(row) : undefined;
  }

  async listOf(asked: string, limit: number, [afterId]: AfterSomeThing | [] = []): Promise<SomeThing[]> {
    const patientId = (await this.gone.currentPatientId(asked)) ?? asked;
    const where = afterId ? { patientId, _id: { $gt: afterId } } : { patientId };
    const em = this.store.orm.em.fork();
    const rows = await em.find(SomeThingSchema, where, { orderBy: { _id: 'asc' }, limit: limit + 1 });
    return rows.map(toSomeThing);
  }

  earlierIds(patientId: string): Promise<string[]> {
    return this.gone.earlierIds(patientId);
  }

  async add(someThing: SomeThing): Promise<SomeThing> {
    const patientId = await this.gone.currentPatientId(someThing.patientId);
    if (!patientId) throw new PatientErased();
    const stored = { ...someThing, patientId };
    const { id, ...content } = stored;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const isAdded = await this.events.change(id, stored.version, [[stored, 'recorded']], () =>
        inserted(this.documents().insertOne({ _id: id, ...content })),
      );
      if (isAdded) return this.afterAll(stored);
      // A process that died over the same request may have stored it.
      const before = await this.find(id);
      if (before) return before;
    }
    throw staleVersion();
  }

  async change(id: string, decide: (current: SomeThing) => SomeThing): Promise<SomeThing> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const current = existing(await this.find(id));
      const decided = decide(current);
      if (decided === current) return current;
      const next = { ...decided, version: current.version + 1 };
      const { id: _, ...content } = next;
      const isSaved = await this.events.change(id, next.version, [[next, 'updated']], async () => {
        const saved = await this.documents().updateOne({ _id: id, version: current.version }, { $set: content });
        return saved.matchedCount === 1;
      });
      if (isSaved) return next;
    }
    throw staleVersion();
  }

  /** First it is noted, then moved: what is added meanwhile is seen here, or sees the note. */
  async patientMerged(patientId: string, into: string): Promise<void> {
    await this.gone.noteMerged(patientId, into);
    const intoPatientId = await this.gone.currentPatientId(patientId);
    if (!intoPatientId) {
      await this.forget(patientId);
      return;
    }
    for (const { _id } of await this.documents().find({ patientId }).toArray()) await this.follow(_id, intoPatientId);
  }

  async patientErased(patientId: string): Promise<Fate[]> {
    await this.gone.noteErased(patientId);
    const count = await this.gone.noteRemoved(patientId, await this.forget(patientId));
    return [
      { kind: 'someThings', count, outcome: 'erased' },
      { kind: 'keptAnswers', outcome: 'erased' },
    ];
  }

  currentPatientId(patientId: string): Promise<string | undefined> {
    return this.gone.currentPatientId(patientId);
  }

  private follow(id: string, patientId: string): Promise<SomeThing> {
    return this.change(id, (current) => (current.patientId === patientId ? current : { ...current, patientId }));
  }

  private async forget(patientId: string): Promise<number> {
    const { deletedCount } = await this.documents().deleteMany({ patientId });
    await this.store.keptAnswers.forgetAnswersOf(patientId);
    return deletedCount;
  }

  /** The patient may have been merged or erased while it was stored. */
  private async afterAll(stored: SomeThing): Promise<SomeThing> {
    const patientId = await this.gone.currentPatientId(stored.patientId);
    if (patientId) return patientId === stored.patientId ? stored : this.follow(stored.id, patientId);
    await this.documents().deleteOne({ _id: stored.id });
    throw new PatientErased();
  }

  private documents(): Documents<SomeThingDocument> {
    return documentsOf(this.store.orm, someThingCollection);
  }
}

async function inserted(insertion: Promise<unknown>): Promise<boolean> {
  try {
    await insertion;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
