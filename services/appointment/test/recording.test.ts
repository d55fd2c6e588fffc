import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

const friday = new Date('2026-11-20T10:00:00Z');
const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const at = (time: string) => practice.clock.set(new Date(monday(time)));

beforeAll(async () => {
  practice = await startPractice(friday.toISOString());
  secretary = await practice.as({ roles: ['secretary'] });
});
beforeEach(() => practice.clock.set(friday));
afterAll(() => practice?.stop());

async function booked(start = monday('10:00')) {
  const { practitionerId, typeId } = await buildPractitioner(practice);
  const request = { patientId: randomUUID(), practitionerId, appointmentTypeId: typeId, start };
  const answer = await secretary('POST', '/api/appointments', request);
  expect(answer.status).toBe(201);
  return { request, id: answer.body.id as string, path: `/api/appointments/${answer.body.id}` };
}

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];
const told = (id: string) =>
  practice.published
    .map(({ type, data }) => ({ type, ...(data as { appointmentId: string; status: string; version: number }) }))
    .filter(({ appointmentId }) => appointmentId === id);

describe('what became of a visit', () => {
  it.each([
    ['arrive', '03:59', '04:00', 'arrived'],
    ['complete', '08:59', '09:00', 'fulfilled'],
    ['miss', '09:59', '10:00', 'noshow'],
  ])('is recorded by /%s not at %s and from %s on', async (how, tooEarly, inTime, status) => {
    const { path, id } = await booked();
    at(tooEarly);
    const refused = await secretary('POST', `${path}/${how}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'APPOINTMENT.TOO_EARLY']);
    expect(refused.body.possibleFrom).toBe(monday(inTime));
    expect(await row(id)).toMatchObject({ status: 'booked', version: 1 });
    at(inTime);
    expect((await secretary('POST', `${path}/${how}`)).body.status).toBe(status);
  });

  it('says when the patient came, until that is taken back', async () => {
    const { path, id } = await booked();
    at('09:04');
    const arrived = await secretary('POST', `${path}/arrive`);
    expect(arrived.body).toMatchObject({ status: 'arrived', arrivedAt: monday('09:04') });
    at('09:31');
    const seen = await secretary('POST', `${path}/complete`);
    expect(seen.body).toMatchObject({ status: 'fulfilled', arrivedAt: monday('09:04') });
    const reopened = await secretary('POST', `${path}/reopen`, { reason: 'The wrong line' });
    expect(reopened.body).not.toHaveProperty('arrivedAt');
    expect(await row(id)).toMatchObject({ status: 'booked', arrived_at: null });
  });

  it('is told only when it is recorded', async () => {
    const { path, id } = await booked();
    for (const how of ['arrive', 'complete', 'miss']) await secretary('POST', `${path}/${how}`);
    at('10:00');
    await secretary('POST', `${path}/complete`);
    await until(async () => told(id).length === 2);
    expect(told(id).map(({ type }) => type)).toEqual(['appointment.booked', 'appointment.completed']);
  });
});

describe('POST /api/appointments/{id}/reopen', () => {
  it.each([
    ['arrive', 'arrived'],
    ['complete', 'fulfilled'],
    ['miss', 'noshow'],
  ])('takes a wrong /%s back, keeps who did it and why, and tells of it', async (how, from) => {
    const { path, id } = await booked();
    at('10:00');
    await secretary('POST', `${path}/${how}`);
    const dr = await practice.as({
      roles: ['practitioner'],
      practitionerId: (await row(id)).practitioner_id,
      sub: randomUUID(),
    });
    const answer = await dr('POST', `${path}/reopen`, { reason: 'The wrong line' }, { 'if-match': '"v2"' });
    expect([answer.status, answer.body.status, answer.body.version]).toEqual([200, 'booked', 3]);
    expect(answer.body.corrections).toEqual([
      { from, reason: 'The wrong line', at: monday('10:00'), by: expect.any(String) },
    ]);
    expect(await row(id)).toMatchObject({ status: 'booked', corrections: [{ from, reason: 'The wrong line' }] });
    await until(async () => told(id).length === 3);
    expect(told(id).at(-1)).toMatchObject({
      type: 'appointment.reopened',
      status: 'booked',
      version: 3,
      reopenedFrom: from,
    });
    expect(JSON.stringify(practice.published)).not.toContain('The wrong line');
    expect((await secretary('GET', path)).body.corrections).toMatchObject([{ from }]);
    expect((await secretary('GET', path)).body.corrections[0]).not.toHaveProperty('reason');
  });

  it('may be done, undone and done again', async () => {
    const { path, id } = await booked();
    at('10:00');
    for (const [how, status] of [
      ['miss', 'noshow'],
      ['reopen', 'booked'],
      ['arrive', 'arrived'],
      ['complete', 'fulfilled'],
      ['reopen', 'booked'],
      ['complete', 'fulfilled'],
    ]) {
      expect((await secretary('POST', `${path}/${how}`, { reason: 'x' })).body.status).toBe(status);
    }
    expect((await row(id)).corrections).toMatchObject([{ from: 'noshow' }, { from: 'fulfilled' }]);
  });

  it('needs a reason, and something to take back', async () => {
    const { path, id } = await booked();
    const nothing = await secretary('POST', `${path}/reopen`, { reason: 'x' });
    expect([nothing.status, nothing.body.code]).toEqual([409, 'APPOINTMENT.INVALID_TRANSITION']);
    at('10:00');
    await secretary('POST', `${path}/miss`);
    expect((await secretary('POST', `${path}/reopen`, {})).status).toBe(422);
    expect((await row(id)).status).toBe('noshow');
  });

  it('is refused when somebody else has the time of a missed one', async () => {
    const { path, id, request } = await booked(monday('10:00'));
    at('10:00');
    await secretary('POST', `${path}/miss`);
    const other = { ...request, patientId: randomUUID() };
    expect((await secretary('POST', '/api/appointments', other)).status).toBe(201);
    const answer = await secretary('POST', `${path}/reopen`, { reason: 'She was there' });
    expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect(await row(id)).toMatchObject({ status: 'noshow', version: 2, corrections: null });
  });

  it('is for the practice', async () => {
    const { path, request } = await booked();
    at('10:00');
    await secretary('POST', `${path}/miss`);
    const alice = await practice.as({ roles: ['patient'], patientId: request.patientId });
    expect((await alice('POST', `${path}/reopen`, { reason: 'I was there' })).status).toBe(403);
  });
});
