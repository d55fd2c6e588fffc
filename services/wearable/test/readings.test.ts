import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  newPatient,
  type Patient,
  pairedDevice,
  pulse,
  sendAs,
  startService,
  type WearableService,
} from './support.ts';

let service: WearableService;
const path = '/api/readings';

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const send = ({ patientId, self }: Patient, readings: object[], more: object = {}) =>
  self('POST', path, { patientId, readings, ...more });
const raw = async ({ patientId, self }: Patient, code = '8867-4', query = 'from=2026-11-01T00:00:00Z') =>
  (await self('GET', `${path}?patientId=${patientId}&code=${code}&${query}&resolution=raw`)).body;
const said = (body: { outcomes: { outcome: string; fields?: { path: string; code: string }[] }[] }) =>
  body.outcomes.map(({ outcome, fields = [] }) =>
    [outcome, ...fields.map(({ path, code }) => `${path} ${code}`)].join(' '),
  );
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString();

describe('POST /api/readings', () => {
  it('takes no new number for what is measured of the patient already: there are not endlessly many', async () => {
    const patient = await newPatient(service);
    const origin = 'Montre';
    await send(patient, [pulse({ origin, effectiveAt: at(1) })]);
    const numbers = async () =>
      (
        await service.sql.query(
          'select t.last_value as tracks, o.last_value as origins from track_id_seq t, origin_id_seq o',
        )
      ).rows;
    const before = await numbers();
    const { body } = await send(patient, [
      pulse({ origin, effectiveAt: at(2) }),
      pulse({ origin, effectiveAt: at(3) }),
    ]);
    expect(body).toMatchObject({ stored: 2 });
    expect(await numbers()).toEqual(before);
  });

  it('stores what is good, refuses what is not by field and code, and says which', async () => {
    const patient = await newPatient(service);
    const { status, body } = await send(patient, [
      pulse(),
      pulse({ unit: 'mg/dL' }),
      pulse({ value: 'NaN' }),
      pulse({ effectiveAt: '2026-11-20T10:10:00Z' }),
      { code: '8310-5', value: '101,3', unit: '[degF]', effectiveAt: '2026-11-19T22:00:00-04:00', isTyped: true },
      pulse({ deviceId: randomUUID(), effectiveAt: at(30) }),
    ]);
    expect([status, ...said(body)]).toEqual([
      202,
      'stored',
      'refused unit UNIT_DOES_NOT_FIT',
      'refused value NOT_A_NUMBER',
      'refused effectiveAt IN_THE_FUTURE',
      'stored',
      'refused deviceId NOT_PAIRED',
    ]);
    expect(body).toMatchObject({ stored: 2, known: 0, corrected: 0, refused: 4 });
    const [first, fever] = [body.outcomes[0].readingId, body.outcomes[4].readingId];
    expect(await service.readingsTold(patient.patientId, 2)).toEqual([
      {
        readingId: first,
        patientId: patient.patientId,
        code: '8867-4',
        value: 72,
        unit: '/min',
        effectiveAt: '2026-11-20T09:00:00.000+01:00',
        receivedAt: '2026-11-20T10:00:00.000Z',
        certainty: 'sure',
        flags: [],
      },
      expect.objectContaining({ readingId: fever, value: 38.5, unit: 'Cel', flags: ['typed'] }),
    ]);
    expect((await raw(patient)).items).toEqual([
      {
        id: first,
        at: '2026-11-20T09:00:00.000+01:00',
        value: 72,
        receivedAt: '2026-11-20T10:00:00.000Z',
        version: 1,
        certainty: 'sure',
        flags: [],
      },
    ]);
    expect((await service.actionsOn(patient.patientId))[0]).toBe('POST /api/readings 202');
  });

  it('changes nothing when the same comes again, whole, in halves or backwards', async () => {
    const patient = await newPatient(service);
    const readings = Array.from({ length: 40 }, (_, nth) => pulse({ value: 60 + (nth % 7), effectiveAt: at(nth) }));
    expect((await send(patient, readings)).body).toMatchObject({ stored: 40 });
    for (const again of [readings, readings.slice(20), readings.toReversed(), [...readings, ...readings]])
      expect((await send(patient, again)).body).toMatchObject({ stored: 0, corrected: 0, known: again.length });
    expect((await raw(patient)).items).toHaveLength(40);
    expect(await service.readingsTold(patient.patientId, 40)).toHaveLength(40);
  });

  it('takes a correction as the next version, tells in whose place it stands, and takes the old one for known', async () => {
    const patient = await newPatient(service);
    const [wrong, right] = [pulse({ sourceId: 'a', value: 172 }), pulse({ sourceId: 'a', value: 72 })];
    const first = (await send(patient, [wrong])).body.outcomes[0];
    const second = (await send(patient, [right])).body.outcomes[0];
    const third = (await send(patient, [wrong])).body.outcomes[0];
    expect([first.outcome, second.outcome, third.outcome]).toEqual(['stored', 'corrected', 'known']);
    expect(third.readingId).toBe(second.readingId);
    expect((await raw(patient)).items).toMatchObject([{ id: second.readingId, value: 72, version: 2 }]);
    const told = await service.readingsTold(patient.patientId, 2);
    expect(told.map(({ value, isCorrectionOf }) => [value, isCorrectionOf])).toEqual([
      [172, undefined],
      [72, first.readingId],
    ]);
    expect(await service.count('reading_earlier', 'id = $1', [first.readingId])).toBe(1);
  });

  it('knows what comes with its time shifted after a journey, under the ids of its source', async () => {
    const patient = await newPatient(service);
    const readings = [0, 1, 2].map((nth) => pulse({ sourceId: `s${nth}`, effectiveAt: at(nth) }));
    await send(patient, readings, { source: 'com.example.watch' });
    const shifted = readings.map(({ effectiveAt, ...rest }) => ({
      ...rest,
      effectiveAt: new Date(Date.parse(effectiveAt) - 6 * 3_600_000).toISOString(),
    }));
    expect((await send(patient, shifted, { source: 'com.example.watch' })).body).toMatchObject({ corrected: 3 });
    const hourly = await patient.self(
      'GET',
      `${path}?patientId=${patient.patientId}&code=8867-4&from=2026-11-20T00:00:00Z&to=2026-11-20T10:00:00Z`,
    );
    expect(hourly.body.items).toMatchObject([{ at: '2026-11-20T02:00:00.000Z', count: 3 }]);
    // The same ids of another program are other readings.
    expect((await send(patient, readings, { source: 'com.example.scale' })).body).toMatchObject({ stored: 3 });
  });

  it('takes one of two corrections that come in one batch after the other', async () => {
    const patient = await newPatient(service);
    const batch = [70, 71, 72].map((value) => pulse({ sourceId: 'b', value }));
    expect(said((await send(patient, batch)).body)).toEqual(['stored', 'corrected', 'corrected']);
    expect((await raw(patient)).items).toMatchObject([{ value: 72, version: 3 }]);
    expect(said((await send(patient, batch)).body)).toEqual(['known', 'known', 'known']);
  });

  it('stores each once when the same batch comes many times at once', async () => {
    const patient = await newPatient(service);
    const batch = Array.from({ length: 30 }, (_, nth) => pulse({ effectiveAt: at(nth) }));
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(patient, batch)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(answers.reduce((sum, { body }) => sum + body.stored, 0)).toBe(30);
    expect((await raw(patient)).items).toHaveLength(30);
  });

  it('tells what is older than thirty days as a history, without its values', async () => {
    const patient = await newPatient(service);
    const old = [1, 2, 3].map((day) => pulse({ effectiveAt: `2019-03-0${day}T08:00:00+01:00` }));
    expect((await send(patient, [...old, pulse()])).body).toMatchObject({ stored: 4 });
    expect((await service.told(patient.patientId, 2)).toSorted()).toEqual(['reading-taken', 'readings.history-taken']);
    const history = service.published.find(
      ({ type, data }) =>
        type === 'readings.history-taken' && (data as { patientId: string }).patientId === patient.patientId,
    );
    expect(history?.data).toEqual({
      patientId: patient.patientId,
      code: '8867-4',
      count: 3,
      from: '2019-03-01T07:00:00.000Z',
      to: '2019-03-03T07:00:00.000Z',
    });
  });

  it('loses nothing while the broker is away, and tells it in order afterwards', async () => {
    const patient = await newPatient(service);
    service.broker.failsWith = new Error('away');
    try {
      for (let nth = 0; nth < 5; nth += 1)
        expect((await send(patient, [pulse({ value: 60 + nth, effectiveAt: at(nth) })])).status).toBe(202);
    } finally {
      service.broker.failsWith = undefined;
    }
    const told = await service.readingsTold(patient.patientId, 5);
    expect(told.map(({ value }) => value)).toEqual([60, 61, 62, 63, 64]);
  });

  it.each<[string, (patientId: string) => object, number]>([
    ['no reading', (patientId) => ({ patientId, readings: [] }), 422],
    ['a thousand and one', (patientId) => ({ patientId, readings: Array(1_001).fill(pulse()) }), 422],
    ['what is no patient', () => ({ patientId: 'x', readings: [pulse()] }), 422],
    ['a field that nobody knows', (patientId) => ({ patientId, readings: [pulse({ colour: 'red' })] }), 422],
  ])('refuses a batch with %s whole', async (_, bodyOf, status) => {
    const { patientId, self } = await newPatient(service);
    expect((await self('POST', path, bodyOf(patientId))).status).toBe(status);
    expect(await service.count('track', 'patient_id = $1', [patientId])).toBe(0);
  });

  it('refuses a million in one batch before it is read', async () => {
    const { patientId, self } = await newPatient(service);
    const body = `{"patientId":"${patientId}","readings":[${'{"value":1},'.repeat(1_000_000)}{}]}`;
    expect((await self('POST', path, body)).status).toBe(413);
  });

  it('takes a thousand', async () => {
    const patient = await newPatient(service);
    const readings = Array.from({ length: 1_000 }, (_, nth) =>
      pulse({
        effectiveAt: new Date(Date.UTC(2026, 10, 19) + nth * 60_000).toISOString(),
        sourceId: `n${nth}`,
        origin: 'Montre',
      }),
    );
    expect((await send(patient, readings)).body).toMatchObject({ stored: 1_000, refused: 0 });
  });

  it('of another patient is refused, and stores nothing', async () => {
    const [patient, other] = [await newPatient(service), await newPatient(service)];
    const { status, body } = await other.self('POST', path, { patientId: patient.patientId, readings: [pulse()] });
    expect([status, body.code]).toEqual([403, 'DEVICE.NOT_YOURS']);
    const theirs = await pairedDevice(patient);
    const sent = await send(other, [pulse({ deviceId: theirs.id, effectiveAt: '2026-11-20T10:00:00Z' })]);
    expect(said(sent.body)).toEqual(['refused deviceId NOT_PAIRED']);
    expect(await service.count('track', 'patient_id = any($1)', [[patient.patientId, other.patientId]])).toBe(0);
  });
});

describe('back-pressure', () => {
  it('refuses a batch whole, with when to come again, while too much waits to be told', async () => {
    const busy = await startService({ READINGS_UNTOLD_MAX: 5 });
    try {
      const patient = await newPatient(busy);
      const device = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
      busy.broker.failsWith = new Error('away');
      const batch = (from: number) => Array.from({ length: 8 }, (_, nth) => pulse({ effectiveAt: at(from + nth) }));
      expect((await sendAs(busy, device.token, batch(0))).status).toBe(202);
      await expect.poll(async () => (await sendAs(busy, device.token, batch(0))).status, { interval: 200 }).toBe(429);
      const refused = await sendAs(busy, device.token, batch(10));
      expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
        429,
        'READING.TOO_MANY_AT_ONCE',
        '30',
      ]);
      expect(await busy.count('reading')).toBe(8);
      busy.broker.failsWith = undefined;
      await expect.poll(async () => (await sendAs(busy, device.token, batch(10))).status, { interval: 200 }).toBe(202);
      expect(await busy.count('reading')).toBe(16);
    } finally {
      await busy.stop();
    }
  });
});
