import {
  type AuditEvent,
  type AuditKeys,
  chainStart,
  type Head,
  keptFromGuardians,
  type SealedEvent,
  seal,
} from '@cabinet/service/audit/chain';
import { readNote } from '@cabinet/service/audit/change-notes';
import { type AuditQuestion, type AuditTrail, wordsOf } from '@cabinet/service/audit/trail';
import { Batches } from '@cabinet/service/batches';
import { partSize } from './audit-tables.js';
import type { Orm } from './orm.js';
import { Prepared } from './prepared.js';
import { sqlState } from './sql-state.js';

export class PostgresAuditTrail implements AuditTrail {
  private readonly batches = new Batches(async (waiting: { event: AuditEvent; noteIds: readonly string[] }[]) => {
    const noteIds = waiting.flatMap(({ noteIds }) => noteIds);
    await this.store(
      waiting.map(({ event }) => event),
      noteIds,
    );
    return [];
  });
  /** As this process left it; another may have gone on since, which the next insert shows. */
  private last?: Head;
  /** The last event for which there is a part of the table. */
  private partsUntil = 0;
  private readonly inserting: Prepared<never>;

  constructor(
    private readonly orm: Orm,
    private readonly keys: AuditKeys,
  ) {
    this.inserting = new Prepared(orm, 'audit-events', insertAndForgetNotes);
  }

  append(event: AuditEvent, noteIds: readonly string[] = []): Promise<void> {
    return this.batches.add({ event, noteIds });
  }

  async sealLeft(before: Date): Promise<void> {
    await this.orm.em.fork().transactional(async (lock) => {
      const [held] = await lock.execute<{ held: boolean }[]>('select pg_try_advisory_xact_lock(?) as held', [sealLock]);
      if (!held?.held) return;
      const left = await lock.execute<{ id: string; event: object }[]>(
        'select id, event from audit_note where at < ? order by at limit 500',
        [before],
      );
      await Promise.all(left.map(({ id, event }) => this.append(readNote(event), [id])));
    });
  }

  async after(sequence: number, limit: number): Promise<SealedEvent[]> {
    const page = await this.execute<Page>(pageOf(`where e.sequence > ? order by e.sequence limit ${limit}`), [
      sequence,
    ]);
    return toSealedEvents(page);
  }

  async head(): Promise<Head | undefined> {
    const [row] = await this.execute<HeadRow[]>(`${heads} where witnessed is null order by sequence desc limit 1`);
    return row && toHead(row);
  }

  async lastWitnessed(service: string): Promise<string | undefined> {
    const [row] = await this.execute<{ witnessed: string }[]>(
      `select witnessed from audit_event where witnessed is not null and actor = ? order by sequence desc limit 1`,
      [service],
    );
    return row?.witnessed;
  }

  async find(question: AuditQuestion): Promise<SealedEvent[]> {
    const { subjects, exceptKeptOf, actor, action, except, from, to, before, limit } = question;
    const conditions: [condition: string, ...values: unknown[]][] = [];
    if (subjects) conditions.push(['subjects && ?::text[]', toArray(subjects)]);
    if (exceptKeptOf?.length) {
      conditions.push([
        'not (subjects @> array[?] and subjects && ?::text[])',
        keptFromGuardians,
        toArray(exceptKeptOf),
      ]);
    }
    if (actor) conditions.push(['actor = ?', actor]);
    if (action) {
      const names = await this.execute<{ name: string }[]>(namesOfActions, [action, allOf(wordsOf(action)), action]);
      conditions.push(['action = any(?::text[])', toArray(names.map(({ name }) => name))]);
    }
    if (except) {
      const byActor = except.actor === undefined ? [] : [except.actor];
      const is = `${byActor.length > 0 ? 'actor = ? and ' : ''}action in (select jsonb_array_elements_text(?::jsonb))`;
      conditions.push([`not (${is})`, ...byActor, JSON.stringify(except.actions)]);
    }
    if (from) conditions.push(['e.at >= ?', from]);
    if (to) conditions.push(['e.at < ?', to]);
    if (before) conditions.push(['(e.at, e.sequence) < (?, ?)', new Date(before.at), before.sequence]);
    const where = conditions.map(([condition]) => condition).join(' and ') || 'true';
    const page = await this.execute<Page>(
      pageOf(`where ${where} order by e.at desc, e.sequence desc limit ${limit}`),
      conditions.flatMap(([, ...values]) => values),
    );
    return toSealedEvents(page);
  }

  private async store(events: AuditEvent[], noteIds: string[]): Promise<void> {
    for (let isStored = false; !isStored; ) {
      let end: Head = this.last ?? (await this.readLast());
      const sealed = events.map((event) => {
        const next = seal(event, end, this.keys);
        end = next;
        return next;
      });
      await this.makeParts(end.sequence);
      isStored = await this.insert(sealed, noteIds);
      this.last = isStored ? end : undefined;
    }
  }

  /** @returns false when another process has taken these places in the chain */
  private async insert(sealed: SealedEvent[], noteIds: string[]): Promise<boolean> {
    try {
      await this.inserting.run([noteIds, JSON.stringify(sealed)]);
      return true;
    } catch (error) {
      this.last = undefined;
      if (sqlState(error) === uniqueViolation) return false;
      throw error;
    }
  }

  /** Makes what is missing of the table up to an event, and a little beyond. */
  private async makeParts(until: number): Promise<void> {
    if (until <= this.partsUntil) return;
    await this.execute('select make_audit_part(?), make_audit_part(?)', [until, until + spare]);
    this.partsUntil = Math.floor((until + spare - 1) / partSize + 1) * partSize;
  }

  private async readLast(): Promise<Head> {
    const [row] = await this.execute<HeadRow[]>(`${heads} order by sequence desc limit 1`);
    return row ? toHead(row) : chainStart;
  }

  private execute<T>(sql: string, values: unknown[] = []): Promise<T> {
    return this.orm.em.fork().execute(sql, values) as Promise<T>;
  }
}

const insertAndForgetNotes = `
  with told as (delete from audit_note where id = any(?::uuid[]))
  insert into audit_event (sequence, at, actor, roles, practitioner_id, on_behalf_of, purpose, action, subjects,
    outcome, times, request_id, address, witnessed, key_id, hash)
  select sequence, at, actor, roles, "practitionerId", "onBehalfOf", purpose, action, subjects,
    outcome, times, "requestId", address, witnessed, "keyId", hash
  from jsonb_to_recordset(?::jsonb) as row (sequence bigint, at timestamptz, actor text, roles text[],
    "practitionerId" text, "onBehalfOf" text, purpose text, action text, subjects text[], outcome integer,
    times integer, "requestId" text, address text, witnessed text, "keyId" text, hash text)`;

/**
 * What is called so; where nothing is, what has all the words in its name. There are few actions and many events: each name is looked
 * for behind the one before in the index, and no event is read for it.
 */
const namesOfActions = `
  with recursive known (name) as (
    (select action from audit_event order by action limit 1)
    union all
    select (select action from audit_event where action > known.name order by action limit 1)
    from known where known.name is not null
  )
  select name from known where name = ?
    or name ilike all(?::text[]) and not exists (select from audit_event where action = ?)`;

/** Patterns of `like` that find each word anywhere in a text. */
const allOf = (words: readonly string[]): string =>
  toArray(words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`));

/** One process at a time seals what others have left. */
const sealLock = 7_410_006;

const uniqueViolation = '23505';
/** More than any batch holds. */
const spare = 10_000;
const heads = 'select sequence, hash from audit_event';

/** Arrays go as texts: the library would write them out as lists of values. */
const toArray = (ids: readonly string[]): string => `{${ids.map((id) => JSON.stringify(id)).join(',')}}`;

interface HeadRow {
  sequence: string;
  hash: string;
}

const toHead = ({ sequence, hash }: HeadRow): Head => ({ sequence: Number(sequence), hash });

/** All audit events in order, page by page; `execute` runs a query on the service's database. */
export async function* auditEvents(execute: (sql: string) => Promise<object[]>): AsyncGenerator<SealedEvent[]> {
  const ask = (after: number) => execute(pageOf(`where e.sequence > ${after} order by e.sequence limit ${pageSize}`));
  for (let page = toSealedEvents(await ask(0)); page.length > 0; ) {
    const last = page.at(-1)?.sequence ?? 0;
    // The next ones are fetched while these are looked at.
    const next = page.length < pageSize ? Promise.resolve([]) : ask(last);
    next.catch(() => undefined);
    yield page;
    page = toSealedEvents(await next);
  }
}

const pageSize = 2_000;

/** The events that hold the head of another trail. */
export const witnessedEvents = async (execute: (sql: string) => Promise<object[]>): Promise<SealedEvent[]> =>
  toSealedEvents(await execute(pageOf('where witnessed is not null order by e.sequence')));

/**
 * One text for a whole page, of lists without names: to read it so is many times faster than column by column, for the
 * database too, and alike with every client.
 */
const pageOf = (which: string): string => `select json_agg(event)::text as page from (
  select json_build_array(e.sequence, (extract(epoch from e.at) * 1000)::bigint, actor, roles, practitioner_id, on_behalf_of,
    purpose, action, subjects, outcome, times, request_id, address, witnessed, key_id, hash) as event
  from audit_event e ${which}) events`;

type Page = { page: string | null }[];

const toSealedEvents = (answer: object[]): SealedEvent[] => {
  const [{ page } = { page: null }] = answer as Page;
  return page === null ? [] : (JSON.parse(page) as Row[]).map(toSealedEvent);
};

type Row = [
  sequence: number,
  at: number,
  actor: string,
  roles: string[],
  practitionerId: string | null,
  onBehalfOf: string | null,
  purpose: string | null,
  action: string,
  subjects: string[],
  outcome: number,
  times: number | null,
  requestId: string,
  address: string | null,
  witnessed: string | null,
  keyId: string | null,
  hash: string,
];

const toSealedEvent = (row: Row): SealedEvent => ({
  sequence: row[0],
  at: new Date(row[1]),
  actor: row[2],
  roles: row[3],
  practitionerId: row[4] ?? undefined,
  onBehalfOf: row[5] ?? undefined,
  purpose: row[6] ?? undefined,
  action: row[7],
  subjects: row[8],
  outcome: row[9],
  times: row[10] ?? undefined,
  requestId: row[11],
  address: row[12] ?? undefined,
  witnessed: row[13] ?? undefined,
  keyId: row[14] ?? undefined,
  hash: row[15],
});
