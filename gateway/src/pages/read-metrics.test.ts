import { describe, expect, it } from 'vitest';
import { RouteTable } from '../routes.js';
import { readFares } from './fares.js';
import { readMetrics } from './read-metrics.js';

describe('readMetrics', () => {
  it('reads names, labels and values, and passes over the rest', () => {
    const text =
      '# HELP a_total what it is\n# TYPE a_total counter\na_total 3\nb{c="d",e="\\"}, "} 0.5\n\nf{le="+Inf"} +Inf\n';
    expect(readMetrics(text)).toEqual([
      { name: 'a_total', labels: {}, value: 3 },
      { name: 'b', labels: { c: 'd', e: '\\"}, ' }, value: 0.5 },
      { name: 'f', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY },
    ]);
  });
});

describe('readFares', () => {
  const table = new RouteTable([{ prefix: '/api/records', service: 'record' }]);
  const faresOf = (lines: string[]) => {
    const found = readFares(readMetrics(lines.join('\n')), table).find(({ name }) => name === 'record');
    if (!found) throw new Error('record is not among them');
    return found;
  };
  const count = (status: number, value: number) =>
    `http_server_request_duration_seconds_count{service="gateway",method="GET",route="/api/records",status="${status}"} ${value}`;
  const bucket = (le: string, value: number) =>
    `http_server_request_duration_seconds_bucket{service="gateway",le="${le}",method="GET",route="/api/records",status="200"} ${value}`;

  it('counts what failed, and finds within which time how many were answered', () => {
    const fares = faresOf([count(200, 17), count(503, 3), bucket('0.01', 10), bucket('0.1', 18), bucket('+Inf', 20)]);
    expect(fares).toMatchObject({ requests: 20, failed: 3, breaker: 'closed', instances: 0, isInUse: true });
    expect([0.5, 0.9, 0.95].map((share) => fares.within(share))).toEqual([0.01, 0.1, Number.POSITIVE_INFINITY]);
  });

  it('misses no service of which only strangers have asked', () => {
    expect(faresOf([count(401, 5)]).isInUse).toBe(false);
    expect(faresOf([]).within(0.5)).toBeUndefined();
  });
});
