import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { FailureCause } from '@cabinet/service/sidecar/failures';
import type { WaitingEvent, WaitingEvents } from '@cabinet/service/sidecar/waiting-events';
import type { Orm } from './orm.js';

/** Events that wait, and those that are dead, for a migration. */
export const waitingEventTables = `
create table waiting_event (
  position bigint generated always as identity primary key,
  topic text not null,
  event_id text not null,
  partition_key text not null,
  event jsonb not null,
  cause text not null,
  code text not null,
  tries integer not null,
  faults integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  next_at timestamptz not null,
  leased_until timestamptz,
  unique (topic, event_id)
);
create index waiting_event_of_key on waiting_event (topic, partition_key, position);

alter table dead_letter rename column received_at to first_at;
alter table dead_letter
  add column partition_key text,
  add column cause text not null default 'defect',
  add column code text not null default 'EVENT.HANDLER_FAILED',
  add column tries integer not null default 4,
  add column last_at timestamptz not null default now(),
  alter column event drop not null,
  drop constraint dead_letter_pkey,
  add primary key (topic, event_id);
delete from dead_letter where replayed_at is not null;
update dead_letter set partition_key = event_id, last_at = first_at;
alter table dead_letter
  alter column partition_key set not null,
  alter column cause drop default,
  alter column code drop default,
  alter column tries drop default,
  alter column last_at drop default,
  drop column replayed_at;
create index inbox_handled_at on inbox (handled_at);
`;

/**
 * By what waiting events and dead letters are looked for, for a migration. Dead letters of before the first of these tables
 * have times finer than what is read of them, by which they would not be found again.
 */
export const waitingEventIndexes = `
create index waiting_event_due on waiting_event (next_at);
create index waiting_event_for_what_is_away on waiting_event (code, next_at) where cause = 'away';
create index dead_letter_in_order on dead_letter (first_at, topic, event_id);
update dead_letter set first_at = date_trunc('milliseconds', first_at), last_at = date_trunc('milliseconds', last_at);
`;

interface Row {
  position: string;
  topic: string;
  partition_key: string;
  event: ReceivedEvent;
  cause: FailureCause;
  code: string;
  tries: number;
  faults: number;
  first_at: Date;
  last_at: Date;
  next_at: Date;
}

const columns = 'topic, partition_key, event, cause, code, tries, faults, first_at, last_at, next_at';
const read = `position, ${columns}`;
/** The event as it waits, of one time that it does where that is known. */
const thisTime = 'topic = ? and event_id = ? and position = coalesce(?, position)';

export class PostgresWaitingEvents implements WaitingEvents {
  constructor(private readonly orm: Orm) {}

  async keysThatWait(topic: string, keys: string[]): Promise<Set<string>> {
    const rows = await this.execute<{ partition_key: string }>(
      `select distinct partition_key from waiting_event
       where topic = ? and partition_key in (select jsonb_array_elements_text(?::jsonb))`,
      [topic, JSON.stringify(keys)],
    );
    return new Set(rows.map(({ partition_key }) => partition_key));
  }

  async add(events: WaitingEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(({ event, failure, partitionKey, firstAt, lastAt, nextAt, ...rest }, nth) => ({
      ...rest,
      ...failure,
      event,
      nth,
      event_id: event.id,
      partition_key: partitionKey,
      first_at: firstAt,
      last_at: lastAt,
      next_at: nextAt,
    }));
    await this.execute(
      `insert into waiting_event (event_id, ${columns})
       select event_id, ${columns} from jsonb_to_recordset(?::jsonb) as row (nth integer, event_id text, topic text,
         partition_key text, event jsonb, cause text, code text, tries integer, faults integer, first_at timestamptz,
         last_at timestamptz, next_at timestamptz)
       order by nth
       on conflict (topic, event_id) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async due(now: Date, limit: number): Promise<WaitingEvent[]> {
    // From what is due to its key, by an index each: thousands may wait that are neither due nor the first.
    const rows = await this.execute<Row>(
      `select ${read} from waiting_event
       where next_at <= ? and (leased_until is null or leased_until <= ?) and position = (
         select min(position) from waiting_event as of_key
         where of_key.topic = waiting_event.topic and of_key.partition_key = waiting_event.partition_key)
       order by next_at limit ?`,
      [now, now, limit],
    );
    return rows.map(toWaitingEvent);
  }

  async lease({ topic, event, position }: WaitingEvent, now: Date, until: Date): Promise<WaitingEvent | undefined> {
    const [leased] = await this.execute<Row>(
      `update waiting_event set leased_until = ?
       where ${thisTime} and next_at <= ? and (leased_until is null or leased_until <= ?) returning ${read}`,
      [until, topic, event.id, position ?? null, now, now],
    );
    return leased && toWaitingEvent(leased);
  }

  async remove({ topic, event, partitionKey, position }: WaitingEvent): Promise<WaitingEvent | undefined> {
    // The lease goes over to the next, or another process could begin with it meanwhile; unless one has: who leases later
    // leases longer.
    const [next] = await this.execute<Row>(
      `with removed as (delete from waiting_event where ${thisTime} returning position, leased_until)
       update waiting_event set leased_until = removed.leased_until from removed
       where waiting_event.position = (
         select min(position) from waiting_event where topic = ? and partition_key = ? and position <> removed.position)
         and removed.leased_until > coalesce(waiting_event.leased_until, '-infinity')
       returning ${read.replace(/\w+/g, 'waiting_event.$&')}`,
      [topic, event.id, position ?? null, topic, partitionKey],
    );
    return next && toWaitingEvent(next);
  }

  async postpone({ topic, event, position, failure, ...said }: WaitingEvent): Promise<void> {
    const { tries, faults, lastAt, nextAt } = said;
    await this.execute(
      `update waiting_event set cause = ?, code = ?, tries = ?, faults = ?, last_at = ?, next_at = ?, leased_until = null
       where ${thisTime}`,
      [failure.cause, failure.code, tries, faults, lastAt, nextAt, topic, event.id, position ?? null],
    );
  }

  async hurry(code: string, now: Date): Promise<void> {
    await this.execute("update waiting_event set next_at = ? where cause = 'away' and code = ? and next_at > ?", [
      now,
      code,
      now,
    ]);
  }

  private execute<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

const toWaitingEvent = ({ cause, code, partition_key, first_at, last_at, next_at, ...row }: Row): WaitingEvent => ({
  ...row,
  partitionKey: partition_key,
  failure: { cause, code },
  firstAt: new Date(first_at),
  lastAt: new Date(last_at),
  nextAt: new Date(next_at),
});
