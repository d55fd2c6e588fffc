import { createMetrics, type Metrics } from '@cabinet/kit/observe/metrics';
import { describe, expect, it } from 'vitest';
import type { CloudEvent } from './cloud-event.js';
import { countFacts, observeEvents } from './observe-events.js';

const event = (id: string, type = 'appointment.booked', time = new Date().toISOString()): CloudEvent => ({
  id,
  type,
  source: 'appointment',
  specversion: '1.0',
  time,
  datacontenttype: 'application/json',
  data: {},
});

/** The figure with these labels, or undefined when there is none. */
async function figure(metrics: Metrics, name: string, labels: Record<string, string>): Promise<number | undefined> {
  const all = (await metrics.registry.getMetricsAsJSON()).flatMap(
    ({ values }) => values as { metricName?: string; labels: Record<string, string | number>; value: number }[],
  );
  const found = all.find(
    (each) =>
      (each.metricName ?? name) === name &&
      Object.entries(labels).every(([key, of]) => String(each.labels[key]) === of),
  );
  return found?.value;
}

describe('what is told', () => {
  it('is counted by type when the broker has it, and begins at zero', async () => {
    const metrics = createMetrics('test');
    const broker = { publish: async () => ['b'], stop: async () => {} };
    const publisher = countFacts(broker, metrics, ['appointment.booked', 'appointment.missed']);
    expect(await figure(metrics, 'facts_told_total', { type: 'appointment.missed' })).toBe(0);
    const keyed = ['a', 'b', 'c'].map((id) => ({ event: event(id), partitionKey: id }));
    expect(await publisher.publish('appointment', keyed)).toEqual(['b']);
    expect(await figure(metrics, 'facts_told_total', { type: 'appointment.booked' })).toBe(2);
  });

  it('is not counted while the broker is away', async () => {
    const metrics = createMetrics('test');
    const broker = { publish: () => Promise.reject(new Error('away')), stop: async () => {} };
    const publisher = countFacts(broker, metrics, ['appointment.booked']);
    await expect(publisher.publish('appointment', [{ event: event('a'), partitionKey: 'a' }])).rejects.toThrow('away');
    expect(await figure(metrics, 'facts_told_total', { type: 'appointment.booked' })).toBe(0);
  });
});

describe('what is heard', () => {
  it('shows how long it took from when it happened', async () => {
    const metrics = createMetrics('test');
    const heard = observeEvents(metrics, ['appointment.booked']);
    heard.handled(event('a', 'appointment.booked', new Date(Date.now() - 20_000).toISOString()));
    expect(await figure(metrics, 'event_lag_seconds_bucket', { le: '10', type: 'appointment.booked' })).toBe(0);
    expect(await figure(metrics, 'event_lag_seconds_bucket', { le: '30', type: 'appointment.booked' })).toBe(1);
  });

  it('counts failures from zero', async () => {
    const metrics = createMetrics('test');
    const heard = observeEvents(metrics, ['appointment.booked']);
    expect(await figure(metrics, 'event_failures_total', { type: 'appointment.booked' })).toBe(0);
    heard.failed(event('a'));
    expect(await figure(metrics, 'event_failures_total', { type: 'appointment.booked' })).toBe(1);
  });

  it('makes no series of a type that somebody made up', async () => {
    const metrics = createMetrics('test');
    const heard = observeEvents(metrics, ['appointment.booked']);
    heard.failed(event('a', 'of-jane-doe'));
    expect(await metrics.registry.metrics()).not.toContain('jane');
    expect(await figure(metrics, 'event_failures_total', { type: 'other' })).toBe(1);
  });
});
