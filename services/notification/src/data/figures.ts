import type { Clock } from '@cabinet/kit/clock';
import { Counter, Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';
import { channelNames } from '../domain/channel.js';
import type { Decision } from '../domain/decisions/decision.js';
import type { NightlySum, Result } from '../domain/ports.js';

interface Parts {
  orm: Orm;
  circuits(): { channel: string; provider: string; isOpen: boolean }[];
  clock: Clock;
}

const question = `
  select (select count(*) from decision where state = 'planned' and next_at <= ?) as due,
    (select coalesce(extract(epoch from ?::timestamptz - min(next_at)), 0) from decision where state = 'planned' and next_at <= ?)
      as oldest_seconds,
    (select count(*) from decision where state = 'held') as held`;

/** Figures of what leaves, and of what does not. */
export function observeSending({ registry }: Metrics, { orm, circuits, clock }: Parts) {
  const registers = [registry];
  const decided = new Counter({
    name: 'notifications_decided_total',
    help: 'Messages by what became of them, and of those that were suppressed or failed why',
    labelNames: ['channel', 'state', 'why'],
    registers,
  });
  // Known from the start, so that the first failure is a rise.
  for (const channel of channelNames)
    for (const state of ['sent', 'failed']) decided.inc({ channel, state, why: '' }, 0);
  const gone = (name: string, help: string) => new Gauge({ name, help, registers });
  const missing = new Counter({
    name: 'notifications_missing_total',
    help: 'Visits that the nightly comparison found and of which nothing had been heard',
    registers,
  });
  const unaccounted = gone(
    'notifications_unaccounted',
    'Messages of what was summed up last of which nobody knows what became',
  );
  const sums = new Gauge({
    name: 'notifications_last_day',
    help: 'What became of what was due on the last day that was summed up',
    labelNames: ['what'],
    registers,
  });
  new Gauge({
    name: 'notification_provider_spared',
    help: '1 while a provider is left alone after failures',
    labelNames: ['channel', 'provider'],
    registers,
    collect() {
      for (const { channel, provider, isOpen } of circuits()) this.set({ channel, provider }, Number(isOpen));
    },
  });
  const read = askedOnce(async () => {
    const now = clock.now();
    const [row = {}] = await orm.em.fork().execute<Record<string, string>[]>(question, [now, now, now]);
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
  });
  const asked = {
    notifications_due: ['due', 'Messages that are due and have not left'],
    notifications_due_oldest_seconds: [
      'oldest_seconds',
      'For how long the oldest of them has been due; 0 when none is',
    ],
    notifications_held: ['held', 'Messages that wait for somebody of the practice'],
  } as const;
  for (const [name, [column, help]] of Object.entries(asked)) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = (await read())?.values[column];
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
  return {
    decided(results: readonly Result[], decisions: readonly Decision[]): void {
      const channels = new Map(decisions.map(({ id, channel }) => [id, channel]));
      for (const { id, state, reason, hold, failure } of results) {
        if (state === 'planned' && !failure) continue;
        const why = reason ?? hold ?? failure?.class ?? '';
        decided.inc({ channel: channels.get(id) ?? '', state: state === 'planned' ? 'retried' : state, why });
      }
    },
    summedUp(nights: readonly NightlySum[], found: number): void {
      const { day: _, ...last } = nights.at(-1) ?? { day: '' };
      for (const [what, count] of Object.entries(last)) sums.set({ what }, count);
      unaccounted.set(nights.reduce((sum, night) => sum + night.unaccounted, 0));
      missing.inc(found);
    },
  };
}
