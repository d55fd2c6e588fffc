import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

const now = new Date('2026-11-20T10:00:00Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const requestOf = ({ practitionerId, typeId }: Practitioner, more: object = {}) => ({
  patientId: randomUUID(),
  practitionerId,
  appointmentTypeId: typeId,
  start: monday('09:30'),
  ...more,
});

const hold = (who: Practitioner, more: object = {}, as = secretary) =>
  as('POST', '/api/appointments/holds', requestOf(who, more));
const book = (who: Practitioner, more: object = {}, as = secretary) =>
  as('POST', '/api/appointments', requestOf(who, more));
const confirm = (id: string, as = secretary) => as('POST', `/api/appointments/${id}/confirm`);

const setRules = ({ practitionerId, placeId, typeId }: Practitioner, rules: object) =>
  secretary(
    'PUT',
    `/api/schedules/${practitionerId}`,
    {
      hours: [{ placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }],
      rules: [{ appointmentTypeId: typeId, ...rules }],
    },
    { 'if-match': '"v1"' },
  );

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];
const told = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

async function isOffered({ practitionerId, typeId }: Practitioner, start: string) {
  const query = new URLSearchParams({ practitionerId, appointmentTypeId: typeId, at: start });
  return (await secretary('GET', `/api/slots/explain?${query}`)).body.isOffered;
}

describe('POST /api/appointments/holds', () => {
  it('leaves no trace in lists when it is let go: it never was an appointment', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const held = await hold(who, { patientId });
    const listed = async () =>
      (await secretary('GET', `/api/appointments?patientId=${patientId}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await listed()).toEqual([held.body.id]);
    const words = { code: 'pat', reason: 'Not booked after all' };
    const left = await secretary('POST', `/api/appointments/${held.body.id}/cancel`, words, { 'if-match': '"v1"' });
    expect([left.status, left.body.status]).toEqual([200, 'cancelled']);
    expect(await listed()).toEqual([]);
    // What was booked and then cancelled is listed.
    const booked = await book(who, { patientId });
    await secretary('POST', `/api/appointments/${booked.body.id}/cancel`, words, { 'if-match': '"v1"' });
    expect(await listed()).toEqual([booked.body.id]);
  });

  it('takes the slot for everybody else, tells nothing, and is booked when it is confirmed', async () => {
    const who = await buildPractitioner(practice);
    const held = await hold(who);
    expect([held.status, held.body]).toMatchObject([
      201,
      { status: 'pending', heldUntil: '2026-11-20T11:05:00+01:00' },
    ]);
    expect(await isOffered(who, monday('09:30'))).toBe(false);
    expect((await book(who)).body.code).toBe('APPOINTMENT.SLOT_TAKEN');
    const confirmed = await confirm(held.body.id);
    expect([confirmed.status, confirmed.body]).toMatchObject([200, { status: 'booked', version: 2 }]);
    expect(confirmed.body.heldUntil).toBeUndefined();
    await until(async () => told(held.body.id).length > 0);
    expect(told(held.body.id)).toEqual(['appointment.booked']);
    expect((await confirm(held.body.id)).body.code).toBe('APPOINTMENT.INVALID_TRANSITION');
  });

  it('gives a slot to one of many who hold it at once', async () => {
    const who = await buildPractitioner(practice);
    const answers = await Promise.all(Array.from({ length: 30 }, () => hold(who)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(29).fill(409)]);
  });

  it('ends: the slot is offered and booked again, and the hold can not be confirmed any more', async () => {
    const who = await buildPractitioner(practice);
    const held = await hold(who, { minutes: 1 });
    try {
      practice.clock.set(at(1));
      expect(await isOffered(who, monday('09:30'))).toBe(true);
      expect((await confirm(held.body.id)).body.code).toBe('APPOINTMENT.HOLD_EXPIRED');
      expect((await book(who)).status).toBe(201);
      expect((await row(held.body.id)).status).toBe('cancelled');
      expect((await confirm(held.body.id)).body.code).toBe('APPOINTMENT.HOLD_EXPIRED');
      expect(told(held.body.id)).toEqual([]);
    } finally {
      practice.clock.set(now);
    }
  });

  it('lets either the one who confirms or the one who books have a slot at the end of a hold, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const who = await buildPractitioner(practice);
      const held = await hold(who, { minutes: 1 });
      const confirming = confirm(held.body.id);
      practice.clock.set(at(1));
      const booking = Promise.all([book(who), book(who)]);
      const answers = [await confirming, ...(await booking)];
      practice.clock.set(now);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      const { rows } = await practice.sql.query(
        `select 1 from appointment where practitioner_id = $1 and status = 'booked'`,
        [who.practitionerId],
      );
      expect(rows).toHaveLength(1);
    }
  });

  it('is limited to three for a patient', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    for (const time of ['09:00', '10:00', '11:00']) {
      expect((await hold(who, { patientId, start: monday(time) }, alice)).status).toBe(201);
    }
    const fourth = await hold(who, { patientId, start: monday('11:30') }, alice);
    expect([fourth.status, fourth.body.code]).toEqual([429, 'APPOINTMENT.TOO_MANY_HOLDS']);
    expect(Number(fourth.headers.get('retry-after'))).toBe(300);
    expect((await hold(who, { start: monday('11:30') }, alice)).status).toBe(403);
  });

  it('is limited to three however many are asked for at once', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'];
    const answers = await Promise.all(times.map((time) => hold(who, { patientId, start: monday(time) })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429, 429]);
  });
});

describe('what the practice confirms', () => {
  it('is pending and takes its time until staff say yes', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { needsConfirmation: true });
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const asked = await book(who, { patientId }, alice);
    expect([asked.status, asked.body.status]).toEqual([201, 'pending']);
    expect((await book(who)).body.code).toBe('APPOINTMENT.SLOT_TAKEN');
    expect((await confirm(asked.body.id, alice)).body.code).toBe('ACCESS.STAFF_CONFIRMS');
    expect((await confirm(asked.body.id)).body.status).toBe('booked');
    expect((await book(who, { start: monday('10:00') })).body.status).toBe('booked');
  });

  it('goes on being pending when a patient confirms a hold of it', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { needsConfirmation: true });
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const held = await hold(who, { patientId }, alice);
    const confirmed = await confirm(held.body.id, alice);
    expect([confirmed.status, confirmed.body.status, confirmed.body.heldUntil]).toEqual([200, 'pending', undefined]);
    expect((await confirm(held.body.id)).body.status).toBe('booked');
  });
});

describe('what the practice declines', () => {
  const asked = async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { needsConfirmation: true });
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const { id } = (await book(who, { patientId }, alice)).body;
    const other = (await book(who, { start: monday('11:00') })).body.id as string;
    const cancel = (by: Caller, more = {}) => by('POST', `/api/appointments/${id}/cancel`, { reason: 'No', ...more });
    /** All that was told of it, once the other one is told of. */
    const toldOf = async () => {
      await secretary('POST', `/api/appointments/${other}/cancel`, { reason: 'Over' });
      await until(async () => told(other).includes('appointment.cancelled'));
      return told(id);
    };
    return { who, alice, id: id as string, cancel, toldOf };
  };

  it('is told, as its patient waits for the word of the practice', async () => {
    const { id, cancel, toldOf } = await asked();
    expect((await cancel(secretary)).body.status).toBe('cancelled');
    expect(await toldOf()).toEqual(['appointment.declined']);
    const fact = practice.published.find(({ data }) => (data as { appointmentId: string }).appointmentId === id);
    expect(fact?.data).toMatchObject({ status: 'cancelled', version: 2 });
    expect(JSON.stringify(fact?.data)).not.toContain('No');
  });

  it('is not what its patient gives up, by themselves or by telephone', async () => {
    const first = await asked();
    expect((await first.cancel(first.alice)).status).toBe(200);
    expect(await first.toldOf()).toEqual([]);
    const second = await asked();
    expect((await second.cancel(secretary, { code: 'pat' })).status).toBe(200);
    expect(await second.toldOf()).toEqual([]);
  });

  it('is told too when its practitioner leaves', async () => {
    const { who, id } = await asked();
    practice.people.practitioners.set(who.practitionerId, { ...who.practitioner, active: false });
    const event = { id: randomUUID(), type: 'practitioner.left', source: 'practitioner' };
    await practice.hear('practitioner', { ...event, data: { practitionerId: who.practitionerId, version: 2 } });
    await until(() => told(id).length > 0);
    expect(told(id)).toEqual(['appointment.declined']);
  });
});

describe('the windows of a type', () => {
  it('close for patients, not for staff, whose lateness is recorded', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { cancelNoticeMinutes: 4 * 24 * 60, moveNoticeMinutes: 60 });
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const { body } = await book(who, { patientId }, alice);
    const path = `/api/appointments/${body.id}`;
    const tooLate = await alice('POST', `${path}/cancel`, { reason: 'Feels better' });
    expect([tooLate.status, tooLate.body.code]).toEqual([409, 'APPOINTMENT.TOO_LATE']);
    expect((await alice('POST', `${path}/move`, { start: monday('10:00') })).status).toBe(200);
    const cancelled = await secretary('POST', `${path}/cancel`, { reason: 'The patient called', code: 'pat' });
    expect(cancelled.body.cancellation).toMatchObject({ reason: 'The patient called', code: 'pat', isLate: true });
    expect((await row(body.id)).cancellation).toMatchObject({ isLate: true });
  });

  it('stay open until the appointment where none is set', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const { body } = await book(who, { patientId }, alice);
    const { cancellation } = (await alice('POST', `/api/appointments/${body.id}/cancel`, { reason: 'Better' })).body;
    expect(cancellation).toMatchObject({ code: 'pat' });
    expect(cancellation.isLate).toBeUndefined();
  });
});

describe('overbooking', () => {
  const overbook = { reason: 'In pain, seen between two' };
  const booked = async (who: Practitioner) =>
    (
      await practice.sql.query(
        `select * from appointment where practitioner_id = $1 and status = 'booked' order by "start"`,
        [who.practitionerId],
      )
    ).rows;

  it('takes what is taken, and records who forced it, why and over what', async () => {
    const who = await buildPractitioner(practice);
    await book(who);
    const forced = await book(who, { start: monday('09:45'), overbook });
    expect([forced.status, forced.body.overbooking]).toMatchObject([
      201,
      { ...overbook, by: expect.any(String), over: ['APPOINTMENT.SLOT_TAKEN'] },
    ]);
    await until(async () => told(forced.body.id).length > 0);
    expect(JSON.stringify(practice.published)).not.toContain('In pain');
    const patientId = forced.body.patientId;
    const alice = await practice.as({ roles: ['patient'], patientId });
    expect((await alice('GET', `/api/appointments/${forced.body.id}`)).body.overbooking).toBeUndefined();
  });

  it('lets nobody else in: what was forced blocks its time for every other booking', async () => {
    const who = await buildPractitioner(practice);
    await book(who);
    await book(who, { start: monday('09:45'), overbook });
    for (const time of ['09:15', '09:30', '09:45', '10:00']) {
      expect((await book(who, { start: monday(time) })).body.code, time).toBe('APPOINTMENT.SLOT_TAKEN');
    }
    expect((await book(who, { start: monday('10:15') })).status).toBe(201);
    expect(await booked(who)).toHaveLength(3);
  });

  it('reaches over several that are forced already, and over a group, which then takes nobody else', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { capacity: 3 });
    for (const start of [monday('09:00'), monday('09:00'), monday('09:30'), monday('09:30')])
      await book(who, { start });
    expect((await book(who, { start: monday('09:15'), overbook })).status).toBe(201);
    expect((await book(who, { start: monday('09:15'), overbook })).status).toBe(201);
    const rows = await booked(who);
    expect(new Set(rows.map(({ session_key }) => session_key)).size).toBe(1);
    expect(rows).toHaveLength(6);
    for (const start of [monday('09:00'), monday('09:15'), monday('09:30')]) {
      expect((await book(who, { start })).body.code).toBe('APPOINTMENT.SLOT_TAKEN');
    }
  });

  it('happens to as many as want it at once, one after the other', async () => {
    const who = await buildPractitioner(practice);
    await book(who);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => book(who, n % 2 ? { overbook } : { start: monday('10:00') })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(6);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it('opens a time outside the hours, at the place that is said', async () => {
    const second = randomUUID();
    const who = await buildPractitioner(practice, {
      places: [
        { id: randomUUID(), zone: 'Europe/Paris' },
        { id: second, zone: 'Europe/Paris' },
      ],
    });
    const sunday = '2026-11-22T20:00:00+01:00';
    expect((await book(who, { start: sunday })).body.code).toBe('APPOINTMENT.OUTSIDE_WORKING_HOURS');
    const forced = await book(who, { start: sunday, overbook: { ...overbook, placeId: second } });
    expect([forced.status, forced.body.placeId]).toEqual([201, second]);
    const nowhere = await book(who, { start: sunday, overbook: { ...overbook, placeId: randomUUID() } });
    expect([nowhere.status, nowhere.body.fields[0].path]).toEqual([422, 'overbook.placeId']);
  });

  it('never puts a patient in two places, or anybody in the past, and is for staff', async () => {
    const [one, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const patientId = randomUUID();
    await book(one, { patientId });
    await book(other);
    expect((await book(other, { patientId, overbook })).body.code).toBe('APPOINTMENT.PATIENT_BUSY');
    const past = await book(other, { start: '2026-11-20T10:30:00+01:00', overbook });
    expect(past.body.code).toBe('APPOINTMENT.IN_THE_PAST');
    const alice = await practice.as({ roles: ['patient'], patientId });
    const asPatient = await book(other, { patientId, overbook }, alice);
    expect([asPatient.status, asPatient.body.code]).toEqual([403, 'ACCESS.STAFF_OVERBOOKS']);
    expect(await booked(other)).toHaveLength(1);
  });

  it('keeps nothing of a force that was not needed', async () => {
    const who = await buildPractitioner(practice);
    expect((await book(who, { overbook })).body.overbooking).toBeUndefined();
  });

  it('moves a patient out of a group, or from between what is kept free, leaving all of that behind', async () => {
    const who = await buildPractitioner(practice);
    const { practitionerId, typeId, placeId } = who;
    const hours = [{ placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }];
    const rules = [
      { appointmentTypeId: typeId, capacity: 3, dailyMax: 5, bufferBeforeMinutes: 5, bufferAfterMinutes: 5 },
    ];
    await secretary('PUT', `/api/schedules/${practitionerId}`, { hours, rules }, { 'if-match': '"v1"' });
    const { body } = await book(who);
    const moved = await secretary('POST', `/api/appointments/${body.id}/move`, { start: monday('15:00'), overbook });
    expect([moved.status, moved.body.overbooking.over]).toEqual([200, ['APPOINTMENT.OUTSIDE_WORKING_HOURS']]);
    expect(await row(body.id)).toMatchObject({
      busy_from: null,
      busy_until: null,
      seat: null,
      day: null,
      day_place: null,
    });
  });

  it('moves over another, and out of the way again', async () => {
    const who = await buildPractitioner(practice);
    await book(who);
    const { body } = await book(who, { start: monday('11:00') });
    const path = `/api/appointments/${body.id}`;
    expect((await secretary('POST', `${path}/move`, { start: monday('09:30') })).status).toBe(409);
    const over = await secretary('POST', `${path}/move`, { start: monday('09:30'), overbook });
    expect([over.status, over.body.overbooking.over]).toEqual([200, ['APPOINTMENT.SLOT_TAKEN']]);
    practice.clock.set(new Date(monday('08:00')));
    expect((await secretary('POST', `${path}/arrive`)).body.status).toBe('arrived');
    const other = await book(who, { start: monday('10:00') });
    const away = await secretary('POST', `/api/appointments/${other.body.id}/move`, {
      start: monday('09:45'),
      overbook,
    });
    const free = await secretary('POST', `/api/appointments/${other.body.id}/move`, { start: monday('10:30') });
    expect([away.status, free.status, free.body.overbooking]).toEqual([200, 200, undefined]);
    expect((await book(who, { start: monday('09:45') })).status).toBe(409);
    practice.clock.set(now);
  });
});
