import { type DeadLetter, type DeadLetterStore, topicOf } from '../sidecar/dead-letters.js';
import type { ReceivedEvent } from '../sidecar/event-routes.js';
import type { Orm } from './orm.js';

interface Row {
  event_id: string;
  topic: string;
  type: string;
  received_at: Date;
}

export class PostgresDeadLetterStore implements DeadLetterStore {
  constructor(private readonly orm: Orm) {}

  async keep(event: ReceivedEvent): Promise<void> {
    await this.orm.em.fork().execute(
      `insert into dead_letter (event_id, topic, type, event) values (?, ?, ?, ?::jsonb)
       on conflict (event_id) do update set replayed_at = null, received_at = now()`,
      [event.id, topicOf(event), event.type, JSON.stringify(event)],
    );
  }

  async list(limit: number): Promise<DeadLetter[]> {
    const rows = await this.orm.em
      .fork()
      .execute<Row[]>(
        'select event_id, topic, type, received_at from dead_letter where replayed_at is null order by received_at limit ?',
        [limit],
      );
    return rows.map((row) => ({
      eventId: row.event_id,
      topic: row.topic,
      type: row.type,
      receivedAt: new Date(row.received_at).toISOString(),
    }));
  }

  async find(eventId: string): Promise<ReceivedEvent | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ event: ReceivedEvent }[]>('select event from dead_letter where event_id = ?', [eventId]);
    return row?.event;
  }

  async markReplayed(eventId: string): Promise<void> {
    await this.orm.em.fork().execute('update dead_letter set replayed_at = now() where event_id = ?', [eventId]);
  }
}
