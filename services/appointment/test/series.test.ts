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

// Mondays at 9:30 in Paris, over the change of clocks on 28 March 2027.
const first = '2027-03-15T09:30:00+01:00';
const starts = [
  '2027-03-15T09:30:00+01:00',
  '2027-03-22T09:30:00+01:00',
  '2027-03-29T09:30:00+02:00',
  '2027-04-05T09:30:00+02:00',
];

const requestOf = ({ practitionerId, typeId }: Practitioner, more: object = {}) => ({
  patientId: randomUUID(),
  practitionerId,
  appointmentTypeId: typeId,
  start: first,
  rule: 'FREQ=WEEKLY;COUNT=4',
  ...more,
});

const bookSeries = (who: Practitioner, more: object = {}, as = secretary, headers = {}) =>
  as('POST', '/api/appointments/series', requestOf(who, more), headers);

async function bookOne({ practitionerId, typeId }: Practitioner, start: string, patientId: string = randomUUID()) {
  const body = { patientId, practitionerId, appointmentTypeId: typeId, start };
  const answer = await secretary('POST', '/api/appointments', body);
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

const startsOf = (appointments: { start: string }[]) => appointments.map(({ start }) => start);

const stored = async ({ practitionerId }: Practitioner) =>
  (
    await practice.sql.query(
      `select status, "start", series_id, occurrence from appointment where practitioner_id = $1 order by "start"`,
      [practitionerId],
    )
  ).rows;

const told = (ids: string[]) =>
  practice.published
    .map(({ type, data }) => ({ type, id: (data as { appointmentId: string }).appointmentId }))
    .filter(({ id }) => ids.includes(id))
    .map(({ type }) => type);

describe('POST /api/appointments/series', () => {
  it('books every occurrence at one time of day, tells of each, and reads as one series', async () => {
    const who = await buildPractitioner(practice);
    const booked = await bookSeries(who);
    expect([booked.status, booked.body.impossible]).toEqual([201, []]);
    expect(startsOf(booked.body.appointments)).toEqual(starts);
    expect(booked.body.appointments[2]).toMatchObject({
      status: 'booked',
      seriesId: booked.body.id,
      occurrence: starts[2],
    });
    expect(await stored(who)).toHaveLength(4);
    const ids = booked.body.appointments.map(({ id }: { id: string }) => id);
    await until(() => told(ids).length === 4);
    expect(told(ids)).toEqual(Array(4).fill('appointment.booked'));

    const read = await secretary('GET', booked.headers.get('location') as string);
    expect(read.body).toMatchObject({
      rule: 'FREQ=WEEKLY;COUNT=4',
      startsAt: '2027-03-15T09:30',
      zone: 'Europe/Paris',
    });
    expect(startsOf(read.body.appointments)).toEqual(starts);
    const listed = await secretary('GET', `/api/appointments?seriesId=${booked.body.id}`);
    expect(startsOf(listed.body.items)).toEqual(starts);
  });

  it('books nothing when one occurrence is taken and another closed, and names both with all that is in the way', async () => {
    const who = await buildPractitioner(practice);
    const id = await bookOne(who, starts[1] as string);
    const absences = [{ startDate: '2027-04-05', endDate: '2027-04-05' }];
    const hours = [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours, absences }, { 'if-match': '"v1"' });

    const refused = await bookSeries(who);
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'SERIES.NOT_POSSIBLE' }]);
    expect(refused.body.impossible).toEqual([
      {
        local: '2027-03-22T09:30',
        reasons: [{ code: 'APPOINTMENT.SLOT_TAKEN', message: 'is taken by another appointment', appointmentId: id }],
      },
      {
        local: '2027-04-05T09:30',
        reasons: [{ code: 'APPOINTMENT.PRACTITIONER_ABSENT', message: 'is in an absence of the practitioner' }],
      },
    ]);
    expect(await stored(who)).toHaveLength(1);

    const rest = await bookSeries(who, { skipImpossible: true });
    expect([rest.status, startsOf(rest.body.appointments)]).toEqual([201, [starts[0], starts[2]]]);
    expect(rest.body.impossible.map(({ local }: { local: string }) => local)).toEqual([
      '2027-03-22T09:30',
      '2027-04-05T09:30',
    ]);
    const none = await bookSeries(who, { skipImpossible: true });
    expect([none.status, none.body.impossible.length]).toEqual([409, 4]);
  });

  it('does not tell patients which appointment is in the way', async () => {
    const who = await buildPractitioner(practice);
    await bookOne(who, starts[1] as string);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const refused = await bookSeries(who, { patientId }, alice);
    expect(refused.body.impossible[0].reasons).toEqual([
      { code: 'APPOINTMENT.SLOT_TAKEN', message: 'is taken by another appointment' },
    ]);
    expect((await bookSeries(who, {}, alice)).status).toBe(403);
  });

  it('names an occurrence at which the patient is elsewhere, and one that the clocks skip', async () => {
    const [who, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const patientId = randomUUID();
    await bookOne(other, starts[0] as string, patientId);
    const busy = await bookSeries(who, { patientId });
    expect(busy.body.impossible).toMatchObject([
      { local: '2027-03-15T09:30', reasons: [{ code: 'APPOINTMENT.PATIENT_BUSY' }] },
    ]);

    const hours = [{ placeId: who.placeId, daysOfWeek: ['sat', 'sun', 'mon'], startTime: '00:00', endTime: '24:00' }];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours }, { 'if-match': '"v1"' });
    const night = { start: '2027-03-27T02:30:00+01:00', rule: 'FREQ=DAILY;COUNT=3' };
    const skipped = await bookSeries(who, { ...night, skipImpossible: true });
    expect([skipped.status, skipped.body.impossible]).toMatchObject([
      201,
      [{ local: '2027-03-28T02:30', reasons: [{ code: 'APPOINTMENT.TIME_SKIPPED' }] }],
    ]);
    expect(startsOf(skipped.body.appointments)).toEqual(['2027-03-27T02:30:00+01:00', '2027-03-29T02:30:00+02:00']);
  });

  it.each([
    ['2027-10-31T02:30:00+02:00', ['2027-10-31T02:30:00+02:00', '2027-11-01T02:30:00+01:00']],
    ['2027-10-31T02:30:00+01:00', ['2027-10-31T02:30:00+01:00', '2027-11-01T02:30:00+01:00']],
  ])('begins at %s, in the night in which the clocks show that time twice', async (start, expected) => {
    const who = await buildPractitioner(practice);
    const hours = [{ placeId: who.placeId, daysOfWeek: ['sat', 'sun', 'mon'], startTime: '00:00', endTime: '24:00' }];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours }, { 'if-match': '"v1"' });
    const { status, body } = await bookSeries(who, { start, rule: 'FREQ=DAILY;COUNT=2' });
    expect([status, startsOf(body.appointments)]).toEqual([201, expected]);
    const later = await bookSeries(who, { start: '2027-10-30T02:00:00+02:00', rule: 'FREQ=DAILY;COUNT=1' });
    const moved = await secretary('POST', `/api/appointments/${later.body.appointments[0].id}/move-following`, {
      start: start.replace('02:30', '02:00'),
    });
    expect(startsOf(moved.body.appointments)).toEqual([start.replace('02:30', '02:00')]);
  });

  it('keeps public holidays in every year that the series touches', async () => {
    const who = await buildPractitioner(practice);
    const hours = [{ placeId: who.placeId, daysOfWeek: ['sat'], startTime: '09:00', endTime: '12:00' }];
    const holidays = [{ placeId: who.placeId, country: 'FR' }];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours, holidays }, { 'if-match': '"v1"' });
    // Saturdays from November 2026 on, of which one in May and one in December 2027 are public holidays.
    const all = { start: '2026-11-28T09:30:00+01:00', rule: 'FREQ=WEEKLY;UNTIL=20280108', skipImpossible: true };
    const { body } = await bookSeries(who, all);
    expect(body.impossible.map(({ local }: { local: string }) => local.slice(0, 10))).toEqual([
      '2027-05-01',
      '2027-05-08',
      '2027-12-25',
      '2028-01-01',
    ]);
  });

  it('leaves out exceptions, and refuses endless and impossible rules with code, field and sentence', async () => {
    const who = await buildPractitioner(practice);
    const booked = await bookSeries(who, { exceptDates: ['2027-03-22'] });
    expect(startsOf(booked.body.appointments)).toEqual([starts[0], starts[2], starts[3]]);
    for (const [rule, code] of [
      ['FREQ=WEEKLY', 'SERIES.ENDLESS'],
      ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2', 'SERIES.EMPTY'],
      ['FREQ=DAILY;COUNT=500', 'SERIES.TOO_LONG'],
      ['every monday', 'SERIES.INVALID_RULE'],
    ]) {
      const refused = await bookSeries(who, { rule });
      expect([refused.status, refused.body]).toMatchObject([422, { code, fields: [{ path: 'rule', code }] }]);
    }
  });

  it('does not exist for strangers, who cannot tell it from one that is none', async () => {
    const { id } = (await bookSeries(await buildPractitioner(practice))).body;
    const stranger = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const answers = [id, randomUUID()].map((each) => stranger('GET', `/api/appointments/series/${each}`));
    for (const { status, body } of await Promise.all(answers)) {
      expect([status, body.code]).toEqual([404, 'SERIES.NOT_FOUND']);
    }
  });

  it('gives a repeat with one Idempotency-Key the first answer, and books once', async () => {
    const who = await buildPractitioner(practice);
    const more = { patientId: randomUUID() };
    const key = { 'idempotency-key': randomUUID() };
    const [one, other] = [await bookSeries(who, more, secretary, key), await bookSeries(who, more, secretary, key)];
    expect([other.status, other.body.id]).toEqual([201, one.body.id]);
    expect(await stored(who)).toHaveLength(4);
  });

  it('gives each seat of a group visit once, and waits for the practice where the type wants it', async () => {
    const who = await buildPractitioner(practice);
    const setRules = (rules: object, version: number) =>
      secretary(
        'PUT',
        `/api/schedules/${who.practitionerId}`,
        {
          hours: [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }],
          rules: [{ appointmentTypeId: who.typeId, ...rules }],
        },
        { 'if-match': `"v${version}"` },
      );
    expect((await setRules({ capacity: 2, needsConfirmation: true }, 1)).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const patientId = randomUUID();
        return bookSeries(who, { patientId }, await practice.as({ roles: ['patient'], patientId }));
      }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
    const full = answers.find(({ status }) => status === 409);
    expect(full?.body.impossible[0].reasons[0].code).toBe('APPOINTMENT.GROUP_FULL');
    const rows = await stored(who);
    expect(rows.map(({ status }) => status)).toEqual(Array(8).fill('pending'));
  });
});

describe('an occurrence', () => {
  it('moves and is cancelled alone, and stays in the series', async () => {
    const who = await buildPractitioner(practice);
    const { id, appointments } = (await bookSeries(who)).body;
    const moved = await secretary('POST', `/api/appointments/${appointments[1].id}/move`, {
      start: '2027-03-23T10:00:00+01:00',
    });
    expect(moved.body).toMatchObject({ seriesId: id, occurrence: starts[1], start: '2027-03-23T10:00:00+01:00' });
    const cancel = { reason: 'On holiday' };
    expect((await secretary('POST', `/api/appointments/${appointments[2].id}/cancel`, cancel)).status).toBe(200);
    const read = (await secretary('GET', `/api/appointments/series/${id}`)).body;
    expect(read.appointments.map(({ status }: { status: string }) => status)).toEqual([
      'booked',
      'booked',
      'cancelled',
      'booked',
    ]);
  });

  it('moves with those that follow, to the same time of day, over their own old times; what was moved alone stays', async () => {
    const who = await buildPractitioner(practice);
    const { id, appointments } = (await bookSeries(who, { rule: 'FREQ=WEEKLY;COUNT=5' })).body;
    const alone = { start: '2027-04-06T14:00:00+02:00' };
    await secretary('POST', `/api/appointments/${appointments[3].id}/move`, alone);
    // By a week: where the next one is now.
    const path = `/api/appointments/${appointments[1].id}/move-following`;
    const moved = await secretary('POST', path, { start: '2027-03-29T11:00:00+02:00' });
    expect([moved.status, startsOf(moved.body.appointments)]).toEqual([
      200,
      ['2027-03-29T11:00:00+02:00', '2027-04-05T11:00:00+02:00', '2027-04-19T11:00:00+02:00'],
    ]);
    const read = (await secretary('GET', `/api/appointments/series/${id}`)).body.appointments;
    expect(startsOf(read)).toEqual([
      starts[0],
      '2027-03-29T11:00:00+02:00',
      '2027-04-05T11:00:00+02:00',
      alone.start,
      '2027-04-19T11:00:00+02:00',
    ]);
    const ids = appointments.map((each: { id: string }) => each.id);
    await until(() => told(ids).filter((type) => type === 'appointment.moved').length === 4);
    const again = await secretary('POST', path, { start: '2027-03-30T11:00:00+02:00' });
    expect(startsOf(again.body.appointments)).toHaveLength(3);
  });

  it('moves with those that follow, or none of them moves, and each in the way is named', async () => {
    const who = await buildPractitioner(practice);
    const { appointments } = (await bookSeries(who)).body;
    await bookOne(who, '2027-04-05T10:00:00+02:00');
    const path = `/api/appointments/${appointments[0].id}/move-following`;
    const refused = await secretary('POST', path, { start: '2027-03-15T10:00:00+01:00' });
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'SERIES.NOT_POSSIBLE', impossible: [{ local: '2027-04-05T10:00' }] },
    ]);
    const rows = await stored(who);
    expect(rows.filter(({ series_id }) => series_id).map(({ start }) => start)).toEqual(
      starts.map((each) => new Date(each)),
    );
  });

  it('is cancelled with those that follow, each told once; the patient as long as it is not too late', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const { appointments } = (await bookSeries(who, { patientId })).body;
    const cancelled = await alice('POST', `/api/appointments/${appointments[1].id}/cancel-following`, {
      reason: 'Better now',
    });
    expect([cancelled.status, cancelled.body.appointments.length]).toEqual([200, 3]);
    expect((await stored(who)).map(({ status }) => status)).toEqual(['booked', 'cancelled', 'cancelled', 'cancelled']);
    const ids = appointments.map((each: { id: string }) => each.id);
    await until(() => told(ids).filter((type) => type === 'appointment.cancelled').length === 3);
    const stranger = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const path = `/api/appointments/${appointments[0].id}/cancel-following`;
    expect((await stranger('POST', path, { reason: 'x' })).status).toBe(404);
  });

  it('of no series has none that follow', async () => {
    const who = await buildPractitioner(practice);
    const id = await bookOne(who, first);
    const refused = await secretary('POST', `/api/appointments/${id}/cancel-following`, { reason: 'x' });
    expect([refused.status, refused.body.code]).toEqual([409, 'APPOINTMENT.NOT_OF_A_SERIES']);
  });
});
