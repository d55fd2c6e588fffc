import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientErased } from '../domain/errors.js';
import type { AfterSomeThing, SomeThings } from '../domain/ports.js';
import { existing, type SomeThing } from '../domain/some-thing.js';
import { type SomeThingEvents, waitForPatientChanges } from './patient-changes.js';
import { SomeThingSchema, toSomeThing } from './some-thing.schema.js';

export class PostgresSomeThings implements SomeThings {
  constructor(
    private readonly orm: Orm,
    private readonly events: SomeThingEvents,
  ) {}

  async find(id: string): Promise<SomeThing | undefined> {
    const row = await this.orm.em.fork().findOne(SomeThingSchema, { id });
    return row ? toSomeThing(row) : undefined;
  }

  async listOf(asked: string, limit: number, [afterId]: AfterSomeThing | [] = []): Promise<SomeThing[]> {
    const em = this.orm.em.fork();
    const patientId = (await currentPatientId(em, asked)) ?? asked;
    const where = afterId ? { patientId, id: { $gt: afterId } } : { patientId };
    const rows = await em.find(SomeThingSchema, where, { orderBy: { id: 'asc' }, limit: limit + 1 });
    return rows.map(toSomeThing);
  }

  add(someThing: SomeThing): Promise<SomeThing> {
    return this.inTransaction(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, someThing.patientId);
      if (!patientId) throw new PatientErased();
      const stored = { ...someThing, patientId };
      await tx.insert(SomeThingSchema, stored);
      await this.events.enqueue(tx, stored, 'recorded');
      return stored;
    });
  }

  change(id: string, decide: (current: SomeThing) => SomeThing): Promise<SomeThing> {
    return this.inTransaction(async (tx) => {
      await tx.execute('select from "some_thing" where id = ? for update', [id]);
      const row = await tx.findOne(SomeThingSchema, { id });
      const current = existing(row ? toSomeThing(row) : undefined);
      const decided = decide(current);
      if (decided === current) return current;
      const next = { ...decided, version: current.version + 1 };
      await tx.nativeUpdate(SomeThingSchema, { id }, next);
      await this.events.enqueue(tx, next, 'updated');
      return next;
    });
  }

  private async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.orm.em.fork().transactional(work);
    this.events.committed();
    return result;
  }
}
