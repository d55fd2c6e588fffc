import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { bookBy, buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;
let service: Caller;
const today = new Date('2026-11-20T10:00:00Z');

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
  service = caller(practice.base, { 'dapr-caller-app-id': 'notification', 'dapr-api-token': appApiToken });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

/** A visit at half past nine of a type that patients cancel and move until two hours before. */
async function booked() {
  practice.clock.set(today);
  const who = await buildPractitioner(practice);
  const hours = [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }];
  const rules = [{ appointmentTypeId: who.typeId, cancelNoticeMinutes: 120, moveNoticeMinutes: 120 }];
  const set = await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours, rules }, { 'if-match': '"v1"' });
  expect(set.status).toBe(200);
  const visit = await bookBy(practice, secretary, monday('09:30'), who);
  const path = `/api/appointments/answers/${visit.id}`;
  const say = (body: object, headers = {}, by: object = { by: visit.patientId, as: 'patient' }) =>
    service('POST', path, { ...by, ...body }, headers);
  const stored = async () => (await secretary('GET', visit.path)).body;
  return { ...visit, path, say, stored };
}

const toldOf = (id: string) =>
  practice.published.filter(({ data }) => (data as { appointmentId: string }).appointmentId === id);
const typesTold = (id: string) => toldOf(id).map(({ type }) => type);

describe('what a patient may say of a visit', () => {
  it('is told to services, with until when, and the nearest free times where they are asked for', async () => {
    const { path } = await booked();
    const { status, body } = await service('GET', `${path}?otherTimesFor=patient`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ version: 1, status: 'booked', start: monday('09:30'), zone: 'Europe/Paris' },
      ...{ cancelUntil: monday('07:30'), moveUntil: monday('07:30'), lateFrom: monday('06:30') },
    });
    expect(body.otherTimes).toEqual([
      ...['09:00', '10:00', '10:30', '11:00', '11:30'].map(monday),
      '2026-11-30T09:00:00+01:00',
    ]);
    expect((await service('GET', path)).body.otherTimes).toBeUndefined();
    expect((await service('GET', `/api/appointments/answers/${randomUUID()}`)).status).toBe(404);
  });

  it('is for no people to ask or to say', async () => {
    const { path, patientId, stored } = await booked();
    for (const claims of [{ roles: ['patient' as const], patientId }, { roles: ['secretary' as const] }]) {
      const person = await practice.as(claims);
      expect((await person('GET', path)).status).toBe(403);
      expect((await person('POST', path, { by: patientId, as: 'patient', says: 'cancel' })).status).toBe(403);
    }
    expect((await caller(practice.base)('GET', path)).status).toBe(401);
    expect(await stored()).toMatchObject({ status: 'booked', version: 1 });
  });
});

describe('what is said of a visit by a link', () => {
  it('is that the patient comes: it is told, and stays until the visit moves', async () => {
    const { id, say, stored, path } = await booked();
    expect((await say({ says: 'accept' }, { 'if-match': '"v1"' })).body).toMatchObject({
      version: 2,
      status: 'booked',
    });
    expect((await say({ says: 'accept' })).body).toMatchObject({ version: 2 });
    expect(await stored()).toMatchObject({ acceptedAt: '2026-11-20T11:00:00+01:00' });
    expect((await service('GET', path)).body.acceptedAt).toBe('2026-11-20T11:00:00+01:00');
    expect((await say({ says: 'move', start: monday('10:00') })).status).toBe(200);
    expect((await stored()).acceptedAt).toBeUndefined();
    await until(async () => typesTold(id).length === 3);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.accepted', 'appointment.moved']);
  });

  it('cancels by the rules for patients, as the patient', async () => {
    const { id, say, stored } = await booked();
    expect((await say({ says: 'cancel' })).body).toMatchObject({ status: 'cancelled', version: 2 });
    expect((await stored()).cancellation).toMatchObject({ code: 'pat', by: 'notification' });
    expect((await say({ says: 'cancel' })).body.code).toBe('APPOINTMENT.INVALID_TRANSITION');
    await until(async () => typesTold(id).length === 2);
    const late = await booked();
    practice.clock.set(new Date(monday('07:31')));
    for (const body of [{ says: 'cancel' }, { says: 'move', start: monday('10:00') }]) {
      const answer = await late.say(body);
      expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.TOO_LATE']);
    }
    expect(await late.stored()).toMatchObject({ status: 'booked', version: 1 });
  });

  it('moves to a free time, and leaves all as it was where that is taken', async () => {
    const { say, stored, practitionerId, typeId } = await booked();
    await bookBy(practice, secretary, monday('10:00'), { practitionerId, typeId });
    const taken = await say({ says: 'move', start: monday('10:00') });
    expect([taken.status, taken.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect((await say({ says: 'move', start: monday('08:00') })).status).toBe(422);
    expect(await stored()).toMatchObject({ version: 1, start: monday('09:30') });
    expect((await say({ says: 'move', start: monday('11:00') })).body).toMatchObject({ start: monday('11:00') });
  });

  it('is that the patient comes late, from three hours before on until it is over', async () => {
    const { id, say, stored } = await booked();
    const late = { says: 'delay', minutes: 20 };
    practice.clock.set(new Date(monday('06:29')));
    expect((await say(late)).body).toMatchObject({ code: 'APPOINTMENT.TOO_EARLY', possibleFrom: monday('06:30') });
    practice.clock.set(new Date(monday('09:35')));
    expect((await say(late)).body).toMatchObject({ version: 2 });
    expect(await stored()).toMatchObject({ status: 'booked', delay: { minutes: 20, at: monday('09:35') } });
    await until(async () => typesTold(id).length === 2);
    expect(toldOf(id).at(-1)).toMatchObject({ type: 'appointment.delayed', data: { version: 2, minutes: 20 } });
    practice.clock.set(new Date(monday('10:00')));
    expect((await say({ says: 'delay', minutes: 30 })).body.code).toBe('APPOINTMENT.INVALID_TRANSITION');
  });

  it('is refused of a version that is no longer, so that of two at once one counts', async () => {
    const { say, stored } = await booked();
    const answers = await Promise.all(
      ['10:00', '10:30', '11:00'].map((time) => say({ says: 'move', start: monday(time) }, { 'if-match': '"v1"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect((await stored()).version).toBe(2);
  });

  it.each([
    [{ says: 'delay' }, 'minutes'],
    [{ says: 'delay', minutes: 0 }, 'minutes'],
    [{ says: 'delay', minutes: 121 }, 'minutes'],
    [{ says: 'move' }, 'start'],
    [{ says: 'move', start: 'tomorrow' }, 'start'],
    [{ says: 'cancel', start: monday('10:00') }, 'start'],
    [{ says: 'accept', minutes: 10 }, 'minutes'],
    [{ says: 'arrive' }, 'says'],
  ])('is refused when it is %j', async (body, field) => {
    const { say, stored } = await booked();
    const answer = await say(body);
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, field]);
    expect((await stored()).version).toBe(1);
  });

  it('is of its patient or who acts for them, and to all others there is no such visit', async () => {
    const { say, stored, patientId } = await booked();
    for (const by of [
      { by: randomUUID(), as: 'patient' },
      { by: patientId, as: 'guardian' },
    ])
      expect((await say({ says: 'cancel' }, {}, by)).body.code).toBe('APPOINTMENT.NOT_FOUND');
    expect((await stored()).status).toBe('booked');
    const guardian = { by: randomUUID(), as: 'guardian' };
    expect((await say({ says: 'cancel' }, {}, guardian)).body.status).toBe('cancelled');
  });

  it('is nothing for guardians of what is kept from them', async () => {
    const { say, stored, id } = await booked();
    await secretary('POST', `/api/appointments/${id}/keep-from-guardians`, { keptFromGuardians: true });
    const guardian = { by: randomUUID(), as: 'guardian' };
    expect((await say({ says: 'cancel' }, {}, guardian)).body.code).toBe('APPOINTMENT.NOT_FOUND');
    expect((await stored()).status).toBe('booked');
    expect((await say({ says: 'cancel' })).body.status).toBe('cancelled');
  });

  it('is in the trail, in whose name it was said', async () => {
    const { say, patientId } = await booked();
    const by = randomUUID();
    await say({ says: 'cancel' }, {}, { by, as: 'guardian' });
    const { rows } = await practice.sql.query(
      `select * from audit_event where subjects @> array[$1] and action = 'POST /api/appointments/answers/:id'`,
      [patientId],
    );
    expect(rows).toMatchObject([{ actor: 'notification' }]);
    expect(JSON.stringify(rows)).toContain(by);
  });
});
