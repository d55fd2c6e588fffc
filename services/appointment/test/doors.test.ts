import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

async function request(overrides: object = {}) {
  const { practitionerId, typeId } = await buildPractitioner(practice);
  return { patientId: randomUUID(), practitionerId, appointmentTypeId: typeId, start: monday('09:00'), ...overrides };
}

describe('a cursor', () => {
  it('of another list or question, or of nobody’s making, is refused at once by every list', async () => {
    const { practitionerId, appointmentTypeId } = await request();
    const patientId = randomUUID();
    for (const start of [monday('09:00'), monday('09:30')])
      await secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start });
    for (let nth = 0; nth < 2; nth += 1) {
      const wanted = { practitionerId, appointmentTypeId };
      const body = { patientId: randomUUID(), wants: [wanted], fromDate: '2026-11-23', untilDate: '2026-11-27' };
      expect((await secretary('POST', '/api/waiting-list', body)).status).toBe(201);
    }
    const range = new URLSearchParams({ appointmentTypeId, from: monday('00:00'), to: monday('23:00') });
    const paths = ['appointments?', 'waiting-list?', `slots?${range}&`].map(
      (path) => `/api/${path}practitionerId=${practitionerId}&limit=1`,
    );
    const cursors = await Promise.all(paths.map(async (path) => (await secretary('GET', path)).body.nextCursor));
    for (const [nth, path] of paths.entries()) {
      const list = (cursor: string) => secretary('GET', `${path}&cursor=${encodeURIComponent(cursor)}`);
      await assertCursorsAreChecked(list, cursors[nth]);
      for (const other of cursors.toSpliced(nth, 1)) expect((await list(other)).status).toBe(422);
      const elsewhere = path.replace(practitionerId, (await request()).practitionerId);
      const { status } = await secretary('GET', `${elsewhere}&cursor=${cursors[nth]}`);
      expect([path, status]).toEqual([path, 422]);
    }
  });
});

describe('an id in capitals', () => {
  it('is the same id, for the rules, for access and in the audit trail', async () => {
    const wanted = await request();
    const { patientId } = wanted;
    const alice = await practice.as({ roles: ['patient'], patientId: patientId.toUpperCase() });
    const inCapitals = Object.fromEntries(Object.entries(wanted).map(([name, text]) => [name, text.toUpperCase()]));
    const booked = await alice('POST', '/api/appointments', { ...inCapitals, start: wanted.start });
    expect([booked.status, booked.body.patientId]).toEqual([201, patientId]);
    const path = `/api/appointments/${booked.body.id.toUpperCase()}`;
    expect((await alice('GET', path)).body.id).toBe(booked.body.id);
    const listed = await secretary('GET', `/api/appointments?patientId=${patientId.toUpperCase()}`);
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([booked.body.id]);
    const audited = async (id: string) =>
      (await practice.sql.query('select 1 from audit_event where subjects @> array[$1]', [id])).rows.length;
    expect([await audited(patientId), await audited(patientId.toUpperCase())]).toEqual([3, 0]);
  });

  it('in the address names the same request under an Idempotency-Key', async () => {
    const { body } = await secretary('POST', '/api/appointments', await request());
    const cancel = (id: string) =>
      secretary(
        'POST',
        `/api/appointments/${id}/cancel`,
        { reason: 'Feels better' },
        { 'idempotency-key': 'cancel-1' },
      );
    expect((await cancel(body.id)).status).toBe(200);
    const again = await cancel(body.id.toUpperCase());
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  });
});

describe('a time that no clock shows', () => {
  it.each(['2026-11-23T09:00:00+25:00', '2026-11-23T09:00:00-24:00', '2026-11-22T24:00:00+01:00'])(
    '%s is refused, in bookings and in searches',
    async (start) => {
      const { practitionerId, appointmentTypeId, ...rest } = await request({ start });
      const booked = await secretary('POST', '/api/appointments', { practitionerId, appointmentTypeId, ...rest });
      expect([booked.status, booked.body.fields[0]]).toMatchObject([422, { path: 'start', code: 'NO_SUCH_TIME' }]);
      const query = new URLSearchParams({ practitionerId, appointmentTypeId, from: start, to: monday('23:00') });
      expect((await secretary('GET', `/api/slots?${query}`)).body.fields[0]).toMatchObject({ path: 'from' });
    },
  );
});

describe('a series that starts in an hour that the clocks show twice', () => {
  it.each(['2027-10-31T02:00:00+02:00', '2027-10-31T02:00:00+01:00'])('starts at %s, as asked', async (start) => {
    const { practitionerId, typeId, placeId } = await buildPractitioner(practice);
    const hours = [{ placeId, daysOfWeek: ['sun'], startTime: '01:00', endTime: '05:00' }];
    const set = await secretary('PUT', `/api/schedules/${practitionerId}`, { hours }, { 'if-match': '*' });
    expect(set.status).toBe(200);
    const wanted = { patientId: randomUUID(), practitionerId, appointmentTypeId: typeId, start };
    const booked = await secretary('POST', '/api/appointments/series', { ...wanted, rule: 'FREQ=WEEKLY;COUNT=2' });
    expect(booked.body.appointments.map((each: { start: string }) => each.start)).toEqual([
      start,
      '2027-11-07T02:00:00+01:00',
    ]);
  });
});

describe('blank text', () => {
  it.each(['  ', '\u00a0', '\u200b\ufeff'])('%j is no reason to cancel', async (reason) => {
    const { body } = await secretary('POST', '/api/appointments', await request());
    const answer = await secretary('POST', `/api/appointments/${body.id}/cancel`, { reason });
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, 'reason']);
  });
});

describe('a public route', () => {
  it('keeps nothing under an Idempotency-Key', async () => {
    await fetch(`${practice.base}/api/calendars/google/notifications`, {
      method: 'POST',
      headers: { 'idempotency-key': randomUUID() },
    });
    const { rows } = await practice.sql.query("select 1 from idempotency_key where operation like '%notifications%'");
    expect(rows).toEqual([]);
  });
});

describe('a method that an address does not have', () => {
  it('is refused with those that it has', async () => {
    const { status, headers } = await secretary('DELETE', '/api/appointments');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
  });
});
