import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { bookBy, buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

const booked = (start = monday('09:30'), people = {}) => bookBy(practice, secretary, start, people);

describe('GET /api/appointments', () => {
  it('pages through an agenda in order, each appointment once', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const starts = ['11:00', '09:00', '10:00', '09:30', '10:30'].map(monday);
    for (const start of starts) await booked(start, { practitionerId, typeId });
    const seen: string[] = [];
    let path: string | undefined = `/api/appointments?practitionerId=${practitionerId}&limit=2`;
    while (path) {
      const page = await secretary('GET', path);
      seen.push(...page.body.items.map(({ start }: { start: string }) => start));
      path = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(starts.toSorted());
  });

  it('takes a day as that of each place', async () => {
    const patientId = randomUUID();
    const [paris, noumea] = [
      await buildPractitioner(practice),
      await buildPractitioner(practice, { places: [{ id: randomUUID(), zone: 'Pacific/Noumea' }] }),
    ];
    // The evening before in Paris, and the evening of the day in Paris.
    await booked('2026-11-24T09:00:00+11:00', { ...noumea, patientId });
    await booked('2026-11-23T16:30:00+01:00', { ...paris, patientId });
    const starts = async (range: string) =>
      (await secretary('GET', `/api/appointments?patientId=${patientId}&${range}`)).body.items.map(
        ({ start }: { start: string }) => start,
      );
    expect(await starts('from=2026-11-24&to=2026-11-24')).toEqual(['2026-11-24T09:00:00+11:00']);
    expect(await starts('from=2026-11-23&to=2026-11-23')).toEqual(['2026-11-23T16:30:00+01:00']);
    expect(await starts('from=2026-11-23&to=2026-11-24')).toHaveLength(2);
    expect(await starts('to=2026-11-22')).toEqual([]);
    expect(await starts('from=2026-11-25')).toEqual([]);
    expect(await starts(`from=2026-11-24&to=${encodeURIComponent('2026-11-24T09:00:00+11:00')}`)).toEqual([]);
    expect((await secretary('GET', '/api/appointments?from=2026-02-30')).status).toBe(422);
  });

  it.each([
    ['2026-11-24', '2026-11-23'],
    ['2026-11-24T09:00:00+01:00', '2026-11-24T08:59:59+01:00'],
    ['2026-11-24', '2026-11-23T09:00:00Z'],
    ['2026-11-24T12:00:01Z', '2026-11-23'],
  ])('refuses a range from %s that ends before, at %s', async (from, to) => {
    const { status, body } = await secretary('GET', `/api/appointments?${new URLSearchParams({ from, to })}`);
    expect([status, body.fields]).toMatchObject([422, [{ path: 'to', code: 'END_BEFORE_START' }]]);
  });

  it.each(['limit=0', 'limit=1000', 'cursor=nonsense', 'from=yesterday', 'patientId=1', 'status=lost'])(
    'refuses %s',
    async (query) => {
      const answer = await secretary('GET', `/api/appointments?${query}`);
      expect([answer.status, answer.body.fields[0].path]).toEqual([422, query.split('=')[0]]);
    },
  );
});
