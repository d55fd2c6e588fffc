import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterReason,
  DeadLetterStore,
} from '@cabinet/service/sidecar/dead-letters';
import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { FailureCause } from '@cabinet/service/sidecar/failures';
import type { WaitingEvent } from '@cabinet/service/sidecar/waiting-events';
import type { Orm } from './orm.js';

interface Row {
  topic: string;
  event_id: string;
  type: string;
  partition_key: string;
  cause: FailureCause;
  code: string;
  tries: number;
  first_at: Date;
  last_at: Date;
  event: ReceivedEvent | null;
}

export class PostgresDeadLetterStore implements DeadLetterStore {
  constructor(private readonly orm: Orm) {}

  async keep(letter: DeadLetter): Promise<void> {
    const { topic, eventId, type, partitionKey, failure, tries, firstAt, lastAt, event } = letter;
    await this.execute(
      `insert into dead_letter (topic, event_id, type, partition_key, cause, code, tries, first_at, last_at, event)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
       on conflict (topic, event_id) do update
         set type = excluded.type, partition_key = excluded.partition_key, event = excluded.event, cause = excluded.cause,
           code = excluded.code, tries = excluded.tries, last_at = excluded.last_at`,
      [
        topic,
        eventId,
        type,
        partitionKey,
        failure.cause,
        failure.code,
        tries,
        firstAt,
        lastAt,
        event ? JSON.stringify(event) : null,
      ],
    );
  }

  async list(filter: DeadLetterFilter, limit: number, after?: DeadLetter): Promise<DeadLetter[]> {
    const { where, values } = conditionsOf(filter);
    const seen = after ? [after.firstAt, after.topic, after.eventId] : [];
    const rows = await this.execute<Row>(
      `select * from dead_letter where ${where} ${after ? 'and (first_at, topic, event_id) > (?, ?, ?)' : ''}
       order by first_at, topic, event_id limit ?`,
      [...values, ...seen, limit],
    );
    return rows.map(toDeadLetter);
  }

  async reasons(): Promise<DeadLetterReason[]> {
    const rows = await this.execute<Row & { count: string }>(
      `select topic, type, cause, code, count(*) as count, min(first_at) as first_at, max(last_at) as last_at
       from dead_letter group by topic, type, cause, code order by count(*) desc, topic, type, code`,
    );
    return rows.map(({ topic, type, cause, code, count, first_at, last_at }) => {
      const failure = { cause, code };
      return { topic, type, failure, count: Number(count), firstAt: new Date(first_at), lastAt: new Date(last_at) };
    });
  }

  async letGo(letters: DeadLetter[], { faults, nextAt }: Pick<WaitingEvent, 'faults' | 'nextAt'>): Promise<number> {
    const meant = letters.map(({ topic, eventId, lastAt }) => ({ topic, event_id: eventId, last_at: lastAt }));
    // Who takes out and puts in is one statement; what another one has in hand at this moment is left to that one.
    const rows = await this.execute(
      `with gone as (
         delete from dead_letter where (topic, event_id) in (
           select topic, event_id
           from jsonb_to_recordset(?::jsonb) as meant (topic text, event_id text, last_at timestamptz)
             join dead_letter as letter using (topic, event_id, last_at)
           where letter.event is not null and not exists (
             select from waiting_event as waiting
             where waiting.topic = letter.topic and waiting.event_id = letter.event ->> 'id')
           for update of letter skip locked)
         returning *)
       insert into waiting_event (event_id, topic, partition_key, event, cause, code, tries, faults, first_at, last_at, next_at)
       select event ->> 'id', topic, partition_key, event, cause, code, tries, ?, first_at, last_at, ?
       from gone order by first_at, event_id
       on conflict (topic, event_id) do nothing returning position`,
      [JSON.stringify(meant), faults, nextAt],
    );
    return rows.length;
  }

  async drop(filter: DeadLetterFilter): Promise<number> {
    const { where, values } = conditionsOf(filter);
    return (await this.execute(`delete from dead_letter where ${where} returning event_id`, values)).length;
  }

  private execute<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

function conditionsOf({ topic, eventId, code, type, exceptCause }: DeadLetterFilter) {
  const conditions: [string, string | undefined][] = [
    ['topic = ?', topic],
    ['event_id = ?', eventId],
    ['code = ?', code],
    ['type = ?', type],
    ['cause <> ?', exceptCause],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  return { where: ['true', ...given.map(([sql]) => sql)].join(' and '), values: given.map(([, value]) => value) };
}

const toDeadLetter = (row: Row): DeadLetter => ({
  topic: row.topic,
  eventId: row.event_id,
  type: row.type,
  partitionKey: row.partition_key,
  failure: { cause: row.cause, code: row.code },
  tries: row.tries,
  firstAt: new Date(row.first_at),
  lastAt: new Date(row.last_at),
  event: row.event ?? undefined,
});
