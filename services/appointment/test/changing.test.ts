import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { bookBy, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

const booked = (start = monday('09:30'), people = {}) => bookBy(practice, secretary, start, people);

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];

const typesTold = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

describe('POST /api/appointments/{id}/move', () => {
  it('frees the old slot and takes the new one', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    const moved = await secretary('POST', `${path}/move`, { start: monday('10:00') }, { 'if-match': '"v1"' });
    expect(moved.status).toBe(200);
    expect(moved.headers.get('etag')).toBe('"v2"');
    expect(moved.body).toMatchObject({ start: '2026-11-23T10:00:00+01:00', status: 'booked', version: 2 });
    await booked(monday('09:30'), { practitionerId, typeId });
    await until(async () => typesTold(id).length === 2);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.moved']);
  });

  it('may shift an appointment into its own time', async () => {
    const { path } = await booked();
    expect((await secretary('POST', `${path}/move`, { start: monday('09:45') })).status).toBe(200);
  });

  it('leaves the appointment where it was when the new slot is taken', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    await booked(monday('10:00'), { practitionerId, typeId });
    const answer = await secretary('POST', `${path}/move`, { start: monday('10:00') });
    expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect(answer.body.nextFreeSlots.length).toBeGreaterThan(0);
    expect((await row(id)).start.toISOString()).toBe('2026-11-23T08:30:00.000Z');
    expect((await row(id)).version).toBe(1);
  });

  it('lets one of two concurrent changes win and refuses the other with 412', async () => {
    const { path } = await booked();
    const answers = await Promise.all(
      ['10:00', '10:30', '11:00'].map((time) =>
        secretary('POST', `${path}/move`, { start: monday(time) }, { 'if-match': '"v1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it.each(['"v7"', 'W/"v1"', '"v7", "v8"', 'nonsense'])('refuses If-Match %s', async (ifMatch) => {
    const { path, id } = await booked();
    const answer = await secretary('POST', `${path}/move`, { start: monday('10:00') }, { 'if-match': ifMatch });
    expect(answer.status).toBe(412);
    expect((await row(id)).version).toBe(1);
  });
});

describe('POST /api/appointments/{id}/cancel', () => {
  it('frees the slot, keeps the reason and tells it without the reason', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    const answer = await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
    expect(answer.body).toMatchObject({ status: 'cancelled', cancellation: { reason: 'Feels better' } });
    await booked(monday('09:30'), { practitionerId, typeId });
    await until(async () => typesTold(id).length === 2);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.cancelled']);
    expect(JSON.stringify(practice.published)).not.toContain('Feels better');
  });

  it('needs a reason', async () => {
    const { path, id } = await booked();
    for (const body of [{}, { reason: '' }]) {
      const answer = await secretary('POST', `${path}/cancel`, body);
      expect([answer.status, answer.body.fields[0].path]).toEqual([422, 'reason']);
    }
    expect((await row(id)).status).toBe('booked');
  });

  it('is refused the second time', async () => {
    const { path } = await booked();
    await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
    const again = await secretary('POST', `${path}/cancel`, { reason: 'Again' });
    expect([again.status, again.body.code]).toEqual([409, 'APPOINTMENT.INVALID_TRANSITION']);
  });
});

describe('arrival, completion and absence', () => {
  it('are recorded in order and told', async () => {
    const now = practice.clock.now();
    const { path, id } = await booked();
    practice.clock.set(new Date(monday('09:30')));
    expect((await secretary('POST', `${path}/arrive`)).body.status).toBe('arrived');
    expect((await secretary('POST', `${path}/complete`)).body.status).toBe('fulfilled');
    practice.clock.set(now);
    await until(async () => typesTold(id).length === 3);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.arrived', 'appointment.completed']);
  });

  it('are not for patients to record', async () => {
    const { path, patientId, id } = await booked();
    const alice = await practice.as({ roles: ['patient'], patientId });
    expect((await alice('POST', `${path}/miss`)).status).toBe(403);
    expect((await row(id)).status).toBe('booked');
  });

  it('answers 404 for an appointment that does not exist', async () => {
    expect((await secretary('POST', `/api/appointments/${randomUUID()}/arrive`)).body.code).toBe(
      'APPOINTMENT.NOT_FOUND',
    );
  });
});
