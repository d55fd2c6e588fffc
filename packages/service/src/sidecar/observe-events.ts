import { Counter, Histogram, type Metrics } from '@cabinet/kit/observe/metrics';
import type { ReceivedEvent } from './deliveries.js';
import type { EventPublisher } from './publish.js';

/** What is counted of the events that a process hears. */
export interface HeardEvents {
  handled(event: ReceivedEvent): void;
  failed(event: ReceivedEvent): void;
}

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/**
 * Counts what was handled and what was not, and how long each fact took from when it happened until it had its effect here.
 * @param types the known ones, which begin at zero: the first failure of a type would otherwise be no increase. All others
 *   count as "other", so that nobody's event makes a series.
 */
export function observeEvents(metrics: Metrics, types: readonly string[]): HeardEvents {
  const registers = [metrics.registry];
  const lag = new Histogram({
    name: 'event_lag_seconds',
    help: 'Time from when a fact happened until its effect here, by type',
    labelNames: ['type'],
    buckets,
    registers,
  });
  const failures = new Counter({
    name: 'event_failures_total',
    help: 'Tries to handle an event that failed, by type',
    labelNames: ['type'],
    registers,
  });
  for (const type of types) {
    lag.zero({ type });
    failures.inc({ type }, 0);
  }
  const known = (type: string) => (types.includes(type) ? type : 'other');
  return {
    handled({ type, time }) {
      const happened = Date.parse(time ?? '');
      if (!Number.isNaN(happened)) lag.observe({ type: known(type) }, Math.max(0, (Date.now() - happened) / 1000));
    },
    failed({ type }) {
      failures.inc({ type: known(type) });
    },
  };
}

/**
 * Counts what the broker took: every fact goes out this way, so these are the figures of the practice, of bookings as of
 * missed appointments. After a crash a fact may count twice.
 * @param types all that this process tells; they begin at zero
 */
export function countFacts(publisher: EventPublisher, metrics: Metrics, types: readonly string[]): EventPublisher {
  const told = new Counter({
    name: 'facts_told_total',
    help: 'Facts that the broker took, by type',
    labelNames: ['type'],
    registers: [metrics.registry],
  });
  for (const type of types) told.inc({ type }, 0);
  return {
    async publish(topic, events) {
      const refused = await publisher.publish(topic, events);
      for (const { event } of events) if (!refused.includes(event.id)) told.inc({ type: event.type });
      return refused;
    },
    stop: () => publisher.stop(),
  };
}
