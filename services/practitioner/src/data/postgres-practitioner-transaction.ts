import { staleVersion } from '@cabinet/kit/http/etag';
import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Happening, PractitionerTransaction } from '../domain/ports.js';
import type { Practitioner } from '../domain/practitioner.js';
import { PractitionerSchema } from './practitioner.schema.js';
import { toPractitioner, toRow } from './practitioner-rows.js';

// One registration at a time: they are rare, and two of the same person must not pass each other.
const registrationLock = 7_410_004;

export type PractitionerEvents = EventSource<[Practitioner, Happening]>;

export class PostgresPractitionerTransaction implements PractitionerTransaction {
  constructor(
    private readonly tx: EntityManager,
    private readonly events: PractitionerEvents,
  ) {}

  async lock(id: string): Promise<Practitioner | undefined> {
    await this.tx.execute('select id from practitioner where id = ? for update', [id]);
    const row = await this.tx.findOne(PractitionerSchema, { id });
    return row ? toPractitioner(row) : undefined;
  }

  async lockRegistration(rpps: string[], nameKeys: string[]): Promise<Practitioner[]> {
    await this.tx.execute('select pg_advisory_xact_lock(?)', [registrationLock]);
    const rows = await this.tx.find(PractitionerSchema, {
      $or: [{ rpps: { $in: rpps } }, { nameKey: { $in: nameKeys } }],
    });
    return rows.map(toPractitioner);
  }

  async holderOf(rpps: string): Promise<string | undefined> {
    const [row] = await this.tx.execute<{ id: string }[]>('select id from practitioner where rpps = ?', [rpps]);
    return row?.id;
  }

  async add(practitioners: Practitioner[]): Promise<void> {
    if (practitioners.length === 0) return;
    await this.tx.insertMany(PractitionerSchema, practitioners.map(toRow));
    await this.events.enqueueAll(
      this.tx,
      practitioners.map((practitioner): [Practitioner, Happening] => [practitioner, { kind: 'joined' }]),
    );
  }

  async save(practitioner: Practitioner, happening: Happening): Promise<Practitioner> {
    const next = { ...practitioner, version: practitioner.version + 1 };
    const { id, ...changes } = toRow(next);
    const count = await this.tx.nativeUpdate(PractitionerSchema, { id, version: practitioner.version }, changes);
    if (count === 0) throw staleVersion();
    await this.events.enqueue(this.tx, next, happening);
    return next;
  }
}
