import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterReason,
  DeadLetterStore,
} from '@cabinet/service/sidecar/dead-letters';
import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { FailureCause } from '@cabinet/service/sidecar/failures';
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
         set cause = excluded.cause, code = excluded.code, tries = excluded.tries, last_at = excluded.last_at`,
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

  async list(filter: DeadLetterFilter, limit: number): Promise<DeadLetter[]> {
    const { where, values } = conditionsOf(filter);
    const rows = await this.execute<Row>(
      `select * from dead_letter where ${where} order by first_at, event_id limit ?`,
      [...values, limit],
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

  async remove(letters: Pick<DeadLetter, 'topic' | 'eventId'>[]): Promise<void> {
    if (letters.length === 0) return;
    await this.execute(
      `delete from dead_letter where (topic, event_id) in (
         select topic, "eventId" from jsonb_to_recordset(?::jsonb) as row (topic text, "eventId" text))`,
      [JSON.stringify(letters)],
    );
  }

  async drop(filter: DeadLetterFilter): Promise<number> {
    const { where, values } = conditionsOf(filter);
    return (await this.execute(`delete from dead_letter where ${where} returning event_id`, values)).length;
  }

  private execute<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

function conditionsOf({ eventId, code, type, exceptCause }: DeadLetterFilter) {
  const conditions: [string, string | undefined][] = [
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
