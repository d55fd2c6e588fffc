import { Counter, Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import { askedOnce } from './asked-once.js';

const gauges = {
  outbox_pending: 'Facts that wait to be told',
  outbox_oldest_seconds: 'Age of the fact that has waited longest to be told; 0 when none waits',
  events_waiting: 'Events that were heard and wait for what is away',
  events_waiting_oldest_seconds: 'Age of the heard event that has waited longest; 0 when none waits',
  dead_letters: 'Events that are kept because their content could not be handled',
  database_size_bytes: 'What the database takes of its disk',
  database_connections: 'Connections to the database, from whoever',
  database_connections_max: 'Connections that the server takes for all its databases',
};
const counters = {
  database_commits_total: 'Transactions that were committed',
  database_rollbacks_total: 'Transactions that were rolled back',
  database_deadlocks_total: 'Deadlocks that the database ended',
  database_blocks_hit_total: 'Blocks found in memory',
  database_blocks_read_total: 'Blocks read from disk',
};

/** What a service's own database tells about itself, by the names of the metrics; a kind of database may lack some. */
export type StoreFigures = Partial<Record<keyof typeof gauges | keyof typeof counters, number>>;

/**
 * Asks the database for its figures whenever metrics are asked for. While it cannot be asked `database_up` is 0 and the
 * figures are absent, and not what they were before.
 */
export function observeStore(metrics: Metrics, read: () => Promise<StoreFigures>): void {
  const registers = [metrics.registry];
  const figures = askedOnce(read);
  new Gauge({
    name: 'database_up',
    help: '1 while the database is up to date and answers',
    registers,
    async collect() {
      this.set(Number((await figures()) !== undefined));
    },
  });
  new Gauge({
    name: 'database_answer_seconds',
    help: 'Time that the database took to answer the question for these figures',
    registers,
    async collect() {
      const answer = await figures();
      if (answer) this.set(answer.seconds);
      else this.remove();
    },
  });
  for (const [name, help] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = (await figures())?.values[name as keyof typeof gauges];
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
  for (const [name, help] of Object.entries(counters)) {
    new Counter({
      name,
      help,
      registers,
      async collect() {
        const value = (await figures())?.values[name as keyof typeof counters];
        this.reset();
        if (value === undefined) this.remove();
        else this.inc(value);
      },
    });
  }
}
