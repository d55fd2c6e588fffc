import fc from 'fast-check';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { RequestDurations } from './durations.js';

const observations = fc.array(
  fc.record({
    labels: fc.record({
      method: fc.constantFrom('GET', 'POST'),
      route: fc.constantFrom('/api/patients', '/api/slots', 'un"matched'),
      status: fc.constantFrom(200, 404, 503),
    }),
    // Eighths and bounds, which add up to the same in any order.
    seconds: fc.oneof(
      fc.integer({ min: 0, max: 200 }).map((eighths) => eighths / 8),
      fc.constantFrom(0.5, 2.5, 10),
    ),
  }),
);

const library = (registry: Registry) =>
  new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

describe('the durations of requests', () => {
  it("say the same as the library's own histogram", async () => {
    await fc.assert(
      fc.asyncProperty(observations, async (all) => {
        const [own, theirs] = [new Registry(), new Registry()];
        for (const registry of [own, theirs]) registry.setDefaultLabels({ service: 'gateway' });
        const [ours, usual] = [new RequestDurations(own), library(theirs)];
        for (const { labels, seconds } of all) {
          ours.observe(labels, seconds);
          usual.observe(labels, seconds);
        }
        expect(sorted(await own.metrics())).toEqual(sorted(await theirs.metrics()));
        expect(sorted(await addedUp(own))).toEqual(sorted(await addedUp(theirs)));
      }),
    );
  });
});

const seriesOf = (line: string) => line.replace(/\{(.*)\}/, (_, labels: string) => labels.split(',').sort().join());
const sorted = (exposition: string) => exposition.split('\n').map(seriesOf).sort();

/** As of two workers that have counted the same. */
const addedUp = async (registry: Registry) => {
  const ofOne = await registry.getMetricsAsJSON();
  return AggregatorRegistry.aggregate([ofOne, structuredClone(ofOne)]).metrics();
};
