import { staleVersion } from '@cabinet/kit/http/etag';
import type { EventSource } from '@cabinet/postgres/event-source';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { LockMode } from '@mikro-orm/core';
import type { RelatedPersons } from '../domain/ports.js';
import type { RelatedPerson } from '../domain/related-person.js';
import { currentlyRelated, RelatedPersonSchema, toRelatedPerson, toRelatedRow } from './related-person.schema.js';

export type RelatedPersonEvents = EventSource<[RelatedPerson, 'given' | 'changed' | 'ended']>;

const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } } as const;

export class PostgresRelatedPersons implements RelatedPersons {
  constructor(
    private readonly tx: EntityManager,
    private readonly events: RelatedPersonEvents,
  ) {}

  async find(id: string): Promise<RelatedPerson | undefined> {
    const [row] = await this.tx.find(RelatedPersonSchema, { id }, locked);
    return row && toRelatedPerson(row);
  }

  async of(patientIds: string[], now: Date): Promise<RelatedPerson[]> {
    const rows = await this.tx.find(RelatedPersonSchema, currentlyRelated(patientIds, now), locked);
    return rows.map(toRelatedPerson);
  }

  async add(relation: RelatedPerson): Promise<void> {
    await this.tx.insert(RelatedPersonSchema, toRelatedRow(relation));
    await this.events.enqueue(this.tx, relation, 'given');
    await noteStored(this.tx);
  }

  async save(relation: RelatedPerson, happened: 'changed' | 'ended'): Promise<RelatedPerson> {
    const next = { ...relation, version: relation.version + 1 };
    const { id, ...changes } = toRelatedRow(next);
    const count = await this.tx.nativeUpdate(RelatedPersonSchema, { id, version: relation.version }, changes);
    if (count === 0) throw staleVersion();
    await this.events.enqueue(this.tx, next, happened);
    await noteStored(this.tx);
    return next;
  }
}

/** For good: the ids of who was erased stand beside nobody's. @returns how many there were */
export async function forgetRelatedPersons(tx: EntityManager, patientId: string): Promise<number> {
  const gone = 'delete from related_person where patient_id = ? or related_patient_id = ? returning id';
  return (await tx.execute<unknown[]>(gone, [patientId, patientId])).length;
}
