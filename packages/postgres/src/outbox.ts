import type { Logger } from '@cabinet/kit/observe/log';
import { startProducerSpans } from '@cabinet/kit/observe/tracing';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import type { Orm } from './orm.js';

export interface RelayOptions {
  orm: Orm;
  publisher: EventPublisher;
  log: Logger;
  /** How often to look without being woken, in milliseconds. */
  pollMs?: number;
  batchSize?: number;
  /** Longest time for running publications to end on stop, in milliseconds. */
  drainMsMax?: number;
}

interface OutboxRow {
  position: string;
  topic: string;
  partition_key: string;
  event: CloudEvent;
  /** How many stood there that were looked at. */
  seen: string;
}

// Under load so many events share one look, one publication and one removal; who reads them does not wait for it.
const restMs = 100;

// So many events of one key are told in one look, and so many of all are looked at to find the next ones.
const ofKeyMax = 20;
const seenMax = 5_000;

/**
 * The first of each key before the second of any: they go in one publication, and nobody waits for another's month of readings.
 * Where that fills all that is looked at, it is looked for those of others behind it.
 */
const nextRows = `
  with first as (select position, topic, partition_key from outbox order by position limit ${seenMax}),
  long as (select topic, partition_key from first group by topic, partition_key having count(*) > ${ofKeyMax}),
  behind as (
    select position, topic, partition_key from outbox
    where position > (select max(position) from first)
      and (topic, partition_key) not in (select topic, partition_key from long) order by position limit ${seenMax}
  ),
  seen as (select * from first union all select * from behind),
  ranked as (
    select position, row_number() over (partition by topic, partition_key order by position) as nth, count(*) over () as seen
    from seen
  ),
  chosen as (select position, nth, seen from ranked where nth <= ${ofKeyMax} order by nth, position limit $1)
  select o.position, o.topic, o.partition_key, o.event, c.seen from chosen c join outbox o on o.position = c.position
  order by c.nth, c.position`;

// One relay a database at a time, or two could publish one partition key out of order.
const relayLock = 7_410_002;

/**
 * Publishes what stands in the outbox, in order for each partition key, and removes it once the broker has it. A crash
 * in between publishes again with the same event id; consumers' inboxes make that harmless.
 */
export class OutboxRelay {
  private readonly task: PeriodicTask;
  private isStopped = false;
  private readonly givenUp = Promise.withResolvers<never>();

  constructor(private readonly options: RelayOptions) {
    // Nobody may be waiting for a publication when it is given up.
    this.givenUp.promise.catch(() => {});
    this.task = new PeriodicTask(() => this.drain(), {
      everyMs: options.pollMs ?? 1_000,
      pauseMsMax: 15_000,
      restMs,
      failed: (error, tries) => options.log.warn({ err: error, tries }, 'events wait in the outbox'),
    });
  }

  start(): void {
    this.task.wake();
  }

  /** Called after every transaction that enqueued something: looks at once, or as soon as the rest after the last look ends. */
  wake(): void {
    this.task.wake();
  }

  /** Lets running publications end, for a while: one that is given up is published again, with the same event id. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const giveUp = () => this.givenUp.reject(new Error('stopped before the broker had answered'));
    const patience = setTimeout(giveUp, this.options.drainMsMax ?? 3_000);
    await this.task.stop();
    clearTimeout(patience);
  }

  private async drain(): Promise<void> {
    let hasMore = true;
    while (hasMore && !this.isStopped) hasMore = await this.publishBatch();
  }

  /**
   * @returns true when there may be more
   * @throws what the broker refused an event with, after what it took has been removed
   */
  private async publishBatch(): Promise<boolean> {
    const size = this.options.batchSize ?? 200;
    // A lock of the session and no transaction: a broker that is slow to answer must not keep one open.
    const client = await (await this.options.orm.em.getConnection().getNativeClient()).connect();
    let isWhole = false;
    try {
      const { rows: held } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
        relayLock,
      ]);
      if (!held[0]?.held) {
        isWhole = true;
        return false;
      }
      const { rows } = await client.query<OutboxRow>(nextRows, [size]);
      const { published, failure } = await this.publishAll(rows);
      if (published.length > 0)
        await client.query('delete from outbox where position = any($1::bigint[])', [published]);
      await client.query('select pg_advisory_unlock($1)', [relayLock]);
      isWhole = true;
      if (failure) throw failure;
      return Number(rows[0]?.seen ?? 0) > rows.length;
    } finally {
      // A connection on which something failed is closed, and with it goes the lock.
      client.release(!isWhole);
    }
  }

  /** In waves, each with one event of a partition key at most: so none can overtake another that was refused. */
  private async publishAll(rows: OutboxRow[]): Promise<{ published: string[]; failure?: unknown }> {
    const published: string[] = [];
    for (const [topic, its] of Map.groupBy(rows, (row) => row.topic)) {
      for (const wave of wavesOf(its)) {
        try {
          const refused = new Set(await this.publishWave(topic, wave));
          published.push(...wave.filter(({ event }) => !refused.has(event.id)).map(({ position }) => position));
          if (refused.size > 0) throw new Error(`the broker did not take ${refused.size} events for ${topic}`);
        } catch (failure) {
          return { published, failure };
        }
      }
    }
    return { published };
  }

  private publishWave(topic: string, wave: OutboxRow[]): Promise<string[]> {
    const spans = startProducerSpans(wave.map(({ event }) => event));
    const events = wave.map(({ event, partition_key }, index) => ({
      event: { ...event, ...spans.headers[index] },
      partitionKey: partition_key,
    }));
    return spans.run(() => Promise.race([this.options.publisher.publish(topic, events), this.givenUp.promise]));
  }
}

function wavesOf(rows: OutboxRow[]): OutboxRow[][] {
  const waves: OutboxRow[][] = [];
  const told = new Map<string, number>();
  for (const row of rows) {
    const wave = told.get(row.partition_key) ?? 0;
    told.set(row.partition_key, wave + 1);
    waves[wave] ??= [];
    waves[wave].push(row);
  }
  return waves;
}
