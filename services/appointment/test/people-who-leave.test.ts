import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

async function book({ practitionerId, typeId }: Practitioner, start: string, patientId: string = randomUUID()) {
  const request = { patientId, practitionerId, appointmentTypeId: typeId, start };
  const answer = await secretary('POST', '/api/appointments', request);
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

const join = async (who: Practitioner[], patientId: string = randomUUID()) =>
  (
    await secretary('POST', '/api/waiting-list', {
      patientId,
      wants: who.map(({ practitionerId, typeId }) => ({ practitionerId, appointmentTypeId: typeId })),
      fromDate: '2026-12-07',
      untilDate: '2026-12-11',
      times: [{ daysOfWeek: ['sat'], startTime: '09:00', endTime: '10:00' }],
    })
  ).body.id as string;

const hear = (topic: string, type: string, data: object, id: string = randomUUID()) =>
  practice.hear(topic, { id, type, source: topic, data });

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];
const waiting = async (id: string) => (await practice.sql.query('select * from waiting where id = $1', [id])).rows[0];
const told = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

describe('a user who acts for a practitioner no longer', () => {
  it('is read and written nowhere else any more, and others are', async () => {
    const [gone, stays] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const feeds = async ({ practitionerId }: Practitioner) =>
      (await practice.sql.query('select 1 from private_feed where practitioner_id = $1', [practitionerId])).rowCount;
    for (const { practitionerId } of [gone, stays]) {
      expect((await secretary('PUT', `/api/calendars/feeds/${practitionerId}`)).status).toBe(200);
    }
    expect([await feeds(gone), await feeds(stays)]).toEqual([1, 1]);
    const changed = { userId: randomUUID(), version: 2, endedPractitionerId: gone.practitionerId };
    const event = randomUUID();
    await hear('auth', 'user.role-changed', changed, event);
    await hear('auth', 'user.role-changed', { userId: randomUUID(), version: 2 });
    expect([await feeds(gone), await feeds(stays)]).toEqual([0, 1]);
    // They have the role again, and what took it away is heard once more.
    await secretary('PUT', `/api/calendars/feeds/${gone.practitionerId}`);
    await hear('auth', 'user.role-changed', changed, event);
    expect(await feeds(gone)).toBe(1);
  });

  it('keeps what they have connected when they act for one again, however late it is heard that they did not', async () => {
    const { practitionerId } = await buildPractitioner(practice);
    const [connect, clock] = [() => secretary('PUT', `/api/calendars/feeds/${practitionerId}`), practice.clock];
    const before = clock.now();
    const lost = new Date(before.getTime() + 60_000);
    const left = async () => {
      const { rows } = await practice.sql.query(
        `select name from calendar where practitioner_id = $1 union all
         select 'feed' from private_feed where practitioner_id = $1 order by 1`,
        [practitionerId],
      );
      return rows.map(({ name }) => name);
    };
    const calendar = (name: string, at: Date) =>
      practice.sql.query(
        `insert into calendar (id, version, practitioner_id, kind, name, zone, policy, writes, shows_patients, host, access,
           next_sync_at, created_at, created_by)
         values (gen_random_uuid(), 1, $1, 'ics', $2, 'Europe/Paris', 'hide', false, false, 'elsewhere.example', '',
           'infinity', $3, 'somebody')`,
        [practitionerId, name, at],
      );
    const hearThatTheyLostIt = () =>
      practice.hear('auth', {
        id: randomUUID(),
        type: 'user.role-changed',
        source: 'auth',
        time: lost.toISOString(),
        data: { userId: randomUUID(), version: 2, endedPractitionerId: practitionerId },
      });
    await connect();
    await calendar('before', before);
    await hearThatTheyLostIt();
    expect(await left()).toEqual([]);
    clock.set(new Date(lost.getTime() + 60_000));
    try {
      await connect();
      await calendar('again', clock.now());
      await hearThatTheyLostIt();
      expect(await left()).toEqual(['again', 'feed']);
    } finally {
      clock.set(before);
    }
  });
});

describe('a patient who has died', () => {
  const updated = (patientId: string, changed: string[], id?: string) =>
    hear('patient', 'patient.updated', { patientId, version: 2, changed }, id);

  it('has no visit ahead, waits for none, and keeps those that were', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const before = practice.clock.now();
    const past = await book(who, monday('09:00'), patientId);
    practice.clock.set(new Date(monday('09:15')));
    try {
      const ahead = await book(who, monday('10:00'), patientId);
      const entry = await join([who], patientId);
      practice.people.deceased.add(patientId);
      const event = randomUUID();
      expect((await updated(patientId, ['active'], event)).status).toBe(200);
      expect((await updated(patientId, ['active'], event)).status).toBe(200);
      expect(await row(ahead)).toMatchObject({ status: 'cancelled', version: 2, cancellation: { code: 'pat-dec' } });
      expect(await row(past)).toMatchObject({ status: 'booked', version: 1 });
      expect(await waiting(entry)).toMatchObject({ status: 'cancelled', ended: { why: 'deceased' } });
      await until(async () => told(ahead).length === 2);
      expect(told(ahead)).toEqual(['appointment.booked', 'appointment.cancelled']);
      await book(who, monday('10:00'));
    } finally {
      practice.clock.set(before);
    }
  });

  it('has none either of whom they turn out to be after their death was heard', async () => {
    const who = await buildPractitioner(practice);
    const [left, kept] = [randomUUID(), randomUUID()];
    const ahead = await book(who, monday('09:00'), left);
    const entry = await join([who], left);
    practice.people.deceased.add(kept);
    expect((await updated(kept, ['active'])).status).toBe(200);
    const merged = { patientId: left, version: 2, mergedIntoPatientId: kept };
    expect((await hear('patient', 'patient.merged', merged)).status).toBe(200);
    expect(await row(ahead)).toMatchObject({ patient_id: kept, status: 'cancelled' });
    expect(await waiting(entry)).toMatchObject({ patient_id: kept, status: 'cancelled', ended: { why: 'deceased' } });
    await until(async () => told(ahead).length === 2);
    expect(told(ahead)).toEqual(['appointment.booked', 'appointment.cancelled']);
  });

  it('may have been out of use before, for another reason', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const id = await book(who, monday('09:00'), patientId);
    practice.people.deceased.add(patientId);
    expect((await updated(patientId, ['inactiveReason'])).status).toBe(200);
    expect((await row(id)).status).toBe('cancelled');
  });

  it('is asked for only when somebody is out of use: others keep their visits', async () => {
    const who = await buildPractitioner(practice);
    const [moved, renamed] = [randomUUID(), randomUUID()];
    const ids = [await book(who, monday('09:00'), moved), await book(who, monday('09:30'), renamed)];
    expect((await updated(moved, ['active'])).status).toBe(200);
    practice.people.deceased.add(renamed);
    expect((await updated(renamed, ['address'])).status).toBe(200);
    for (const id of ids) expect((await row(id)).status).toBe('booked');
  });

  it('gets nothing new from who asked before whether they live, until it turns out to be a mistake', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.deceased.add(patientId);
    expect((await updated(patientId, ['active'])).status).toBe(200);
    const wants = [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }];
    const booking = { patientId, ...wants[0], start: monday('09:00') };
    const series = { ...booking, rule: 'FREQ=WEEKLY;COUNT=2' };
    for (const [path, body] of [
      ['/api/appointments', booking],
      ['/api/appointments/holds', booking],
      ['/api/appointments/series', series],
      ['/api/waiting-list', { patientId, wants, fromDate: '2026-12-07', untilDate: '2026-12-11' }],
    ] as const) {
      const { status, body: told } = await secretary('POST', path, body);
      expect([path, status, told.code]).toEqual([path, 422, 'APPOINTMENT.PATIENT_INACTIVE']);
    }
    practice.people.deceased.delete(patientId);
    expect((await updated(patientId, ['active'])).status).toBe(200);
    await book(who, monday('09:00'), patientId);
  });

  it('is waited for while the patient service cannot be asked', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const id = await book(who, monday('09:00'), patientId);
    practice.people.deceased.add(patientId);
    practice.people.isReachable = false;
    await updated(patientId, ['active']);
    expect((await row(id)).status).toBe('booked');
    practice.people.isReachable = true;
    await until(async () => (await row(id)).status === 'cancelled');
  });
});

describe('a practitioner who has left', () => {
  it('and is back by the time that is heard, keeps what there is', async () => {
    const who = await buildPractitioner(practice);
    const entry = await join([who]);
    await secretary('PUT', `/api/calendars/feeds/${who.practitionerId}`);
    const heard = await hear('practitioner', 'practitioner.left', { practitionerId: who.practitionerId, version: 2 });
    expect(heard.status).toBe(200);
    expect(await waiting(entry)).toMatchObject({ status: 'waitlist', version: 1 });
    const feeds = 'select 1 from private_feed where practitioner_id = $1';
    expect((await practice.sql.query(feeds, [who.practitionerId])).rowCount).toBe(1);
  });

  it('gets nothing new, and nobody waits for them; what is booked stays for the practice', async () => {
    const [leaving, staying] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const { practitionerId, typeId: appointmentTypeId } = leaving;
    const booked = await book(leaving, monday('09:00'));
    const request = { patientId: randomUUID(), practitionerId, appointmentTypeId, start: monday('09:30') };
    const held = (await secretary('POST', '/api/appointments/holds', request)).body.id;
    const [only, other, both] = [await join([leaving]), await join([staying]), await join([leaving, staying])];
    const feed = await secretary('PUT', `/api/calendars/feeds/${practitionerId}`);
    expect(feed.status).toBe(200);
    await practice.sql.query(
      `insert into calendar (id, version, practitioner_id, kind, name, zone, policy, writes, shows_patients, host, access,
         next_sync_at, created_at, created_by)
       values (gen_random_uuid(), 1, $1, 'ics', 'Roster', 'Europe/Paris', 'warn', false, false, 'calendar.example', 'x',
         '2099-01-01', '2026-11-20', 'x')`,
      [practitionerId],
    );
    const kept = async (table: string) =>
      (await practice.sql.query(`select from ${table} where practitioner_id = $1`, [practitionerId])).rowCount;
    expect([await kept('calendar'), await kept('private_feed')]).toEqual([1, 1]);
    practice.people.practitioners.set(practitionerId, { ...leaving.practitioner, active: false });
    const event = randomUUID();
    for (let times = 0; times < 2; times += 1) {
      const heard = await hear('practitioner', 'practitioner.left', { practitionerId, version: 2 }, event);
      expect(heard.status).toBe(200);
    }
    expect([await kept('calendar'), await kept('private_feed')]).toEqual([0, 0]);
    expect(await row(booked)).toMatchObject({ status: 'booked', version: 1 });
    expect(await row(held)).toMatchObject({ status: 'cancelled', cancellation: { code: 'prov' } });
    expect(await waiting(only)).toMatchObject({ status: 'cancelled', ended: { why: 'practitioner-left' } });
    expect(await waiting(other)).toMatchObject({ status: 'waitlist', version: 1 });
    expect(await waiting(both)).toMatchObject({
      status: 'waitlist',
      version: 2,
      ended: null,
      wants: [{ practitionerId: staying.practitionerId }],
    });
    for (const path of ['/api/appointments', '/api/appointments/holds']) {
      const refused = await secretary('POST', path, request);
      expect([refused.status, refused.body.code]).toEqual([422, 'APPOINTMENT.PRACTITIONER_INACTIVE']);
    }
    const cancelled = await secretary('POST', `/api/appointments/${booked}/cancel`, { reason: 'She has left' });
    expect(cancelled.status).toBe(200);
  });
});
