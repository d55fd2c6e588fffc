import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPatient, type Patient, pulse, startService, type WearableService } from './support.ts';

let service: WearableService;
const path = '/api/readings';

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

interface RawPoint {
  at: string;
  value: number;
  certainty: string;
}

const send = ({ patientId, self }: Patient, readings: object[], more: object = {}) =>
  self('POST', path, { patientId, readings, ...more });
const raw = async ({ patientId, self }: Patient, code = '8867-4', query = 'from=2026-11-01T00:00:00Z') =>
  (await self('GET', `${path}?patientId=${patientId}&code=${code}&${query}&resolution=raw`)).body;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString();

describe('a curve', () => {
  const curve = ({ patientId, self }: Patient, query: string) => self('GET', `${path}?patientId=${patientId}&${query}`);

  it('by the hour has what there was, gaps where there was nothing, and nothing that is in doubt', async () => {
    const patient = await newPatient(service);
    const values: [string, object][] = [
      ['2026-11-20T05:10:00Z', { value: 60 }],
      ['2026-11-20T05:50:00Z', { value: 80 }],
      ['2026-11-20T08:30:00Z', { value: 70 }],
      ['2026-11-20T08:40:00Z', { value: 400 }],
      ['2026-11-20T08:50:00Z', { value: 75, certainty: 'doubtful' }],
    ];
    await send(
      patient,
      values.map(([effectiveAt, rest]) => pulse({ effectiveAt, ...rest })),
    );
    const { body } = await curve(patient, 'code=8867-4&from=2026-11-20T05:00:00Z&to=2026-11-20T12:00:00Z');
    expect(body).toMatchObject({ unit: '/min', kind: 'level', resolution: 'hourly' });
    expect(body.items).toEqual([
      { at: '2026-11-20T05:00:00.000Z', count: 2, low: 60, high: 80, mean: 70 },
      { at: '2026-11-20T08:00:00.000Z', count: 1, low: 70, high: 70, mean: 70 },
    ]);
    // Until now, which is ten o'clock: what is to come is no gap.
    expect(body.gaps).toEqual([{ from: '2026-11-20T06:00:00.000Z', to: '2026-11-20T08:00:00.000Z' }]);
    expect(
      (await raw(patient)).items.map(({ flags, certainty }: Record<string, unknown>) => [flags, certainty]).slice(3),
    ).toEqual([
      [['implausible'], 'sure'],
      [[], 'doubtful'],
    ]);
  });

  it('by the day begins at midnight of the zone, in the night of the clock change too', async () => {
    const patient = await newPatient(service);
    const times = [
      '2026-10-24T23:30:00+02:00',
      '2026-10-25T00:30:00+02:00',
      '2026-10-25T23:30:00+01:00',
      '2026-10-26T00:10:00+01:00',
    ];
    await send(
      patient,
      times.map((effectiveAt, nth) => pulse({ effectiveAt, value: 60 + nth })),
    );
    const days = async (zone: string) =>
      (
        await curve(
          patient,
          `code=8867-4&from=2026-10-20T00:00:00Z&to=2026-10-28T00:00:00Z&resolution=daily&zone=${zone}`,
        )
      ).body.items;
    expect(await days('Europe/Paris')).toEqual([
      { at: '2026-10-23T22:00:00.000Z', count: 1, low: 60, high: 60, mean: 60 },
      { at: '2026-10-24T22:00:00.000Z', count: 2, low: 61, high: 62, mean: 61.5 },
      { at: '2026-10-25T23:00:00.000Z', count: 1, low: 63, high: 63, mean: 63 },
    ]);
    // Midnight is at half past nine of UTC: hours do not make up these days.
    expect((await days('Pacific/Marquesas')).map(({ at, count }: Record<string, unknown>) => [at, count])).toEqual([
      ['2026-10-24T09:30:00.000Z', 2],
      ['2026-10-25T09:30:00.000Z', 2],
    ]);
  });

  it('of an amount that two devices counted is that of the one which counted most', async () => {
    const patient = await newPatient(service);
    const steps = (origin: string, value: number, minute: number) => ({
      ...{ code: '55423-8', value, unit: '{steps}', origin },
      effectiveAt: at(minute),
      endAt: at(minute + 5),
    });
    await send(patient, [steps('phone', 300, 0), steps('watch', 320, 0), steps('watch', 100, 10)]);
    const { body } = await curve(patient, 'code=55423-8&from=2026-11-20T00:00:00Z&resolution=daily');
    expect(body.items).toEqual([{ at: '2026-11-19T23:00:00.000Z', count: 3, low: 100, high: 320, total: 420 }]);
    expect((await raw(patient, '55423-8')).items[0]).toMatchObject({ endAt: '2026-11-20T08:05:00.000Z' });
  });

  it.each([
    ['a code that is not kept', 'code=1-1&from=2026-11-20T00:00:00Z', 'code NOT_KEPT_HERE'],
    [
      'an end before its beginning',
      'code=8867-4&from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z',
      'to END_BEFORE_START',
    ],
    ['too long a time', 'code=8867-4&from=2026-10-01T00:00:00Z&resolution=raw', 'to TOO_LONG'],
    ['a zone that is none', 'code=8867-4&from=2026-11-20T00:00:00Z&zone=Europe/Lyon', 'zone NO_ZONE'],
  ])('of %s is refused', async (_, query, problem) => {
    const { status, body } = await curve(await newPatient(service), query);
    expect([status, ...body.fields.map((field: Record<string, string>) => `${field.path} ${field.code}`)]).toEqual([
      422,
      problem,
    ]);
  });

  it('of nothing is a gap, and no outage', async () => {
    const { body } = await curve(await newPatient(service), 'code=8867-4&from=2026-11-20T00:00:00Z');
    expect([body.items, body.gaps]).toEqual([
      [],
      [{ from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T10:00:00.000Z' }],
    ]);
  });

  it('is for services that watch over patients, and for no desk', async () => {
    const patient = await newPatient(service);
    await send(patient, [pulse()]);
    const its = `${path}?patientId=${patient.patientId}&code=8867-4&from=2026-11-20T00:00:00Z&resolution=raw`;
    expect((await service.sidecar('GET', its)).body.items).toHaveLength(1);
    expect((await (await service.as({ roles: ['secretary'] }))('GET', its)).status).toBe(403);
  });

  it('of which the measures are listed, with the last value', async () => {
    const patient = await newPatient(service);
    await send(patient, [pulse(), pulse({ effectiveAt: at(30), value: 80 })]);
    const { body } = await patient.self('GET', `${path}/summary?patientId=${patient.patientId}`);
    expect(body.items).toEqual([
      {
        ...{ code: '8867-4', name: 'Heart rate', unit: '/min', kind: 'level', lastValue: 80 },
        firstAt: '2026-11-20T08:00:00.000Z',
        lastAt: '2026-11-20T08:30:00.000Z',
      },
    ]);
  });

  it('by the hour is what the readings make, whatever comes in whatever order', async () => {
    const reading = fc.record({
      id: fc.integer({ min: 0, max: 12 }),
      minute: fc.integer({ min: 0, max: 59 }),
      hour: fc.integer({ min: 0, max: 3 }),
      value: fc.integer({ min: 40, max: 120 }),
      certainty: fc.constantFrom('sure', 'likely', 'doubtful'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(reading, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        async (batches) => {
          const patient = await newPatient(service);
          for (const batch of batches)
            await send(
              patient,
              batch.map(({ id, minute, hour, value, certainty }) =>
                pulse({
                  sourceId: `r${id}`,
                  value,
                  certainty,
                  effectiveAt: new Date(Date.UTC(2026, 10, 20, 4 + hour, minute)).toISOString(),
                }),
              ),
            );
          const { items } = await raw(patient);
          const trusted = (items as RawPoint[]).filter(({ certainty }) => certainty !== 'doubtful');
          const hours = Map.groupBy(trusted, ({ at }) => `${at.slice(0, 13)}:00:00.000Z`);
          const summed = [...hours].map(([hour, its]) => {
            const values = its.map(({ value }) => value);
            return [hour, values.length, Math.min(...values), Math.max(...values)];
          });
          const { body } = await curve(patient, 'code=8867-4&from=2026-11-20T00:00:00Z');
          expect(body.items.map(({ at, count, low, high }: Record<string, unknown>) => [at, count, low, high])).toEqual(
            summed,
          );
          expect(new Set(items.map(({ id }: { id: string }) => id)).size).toBe(items.length);
        },
      ),
      { numRuns: 25 },
    );
  });
});
