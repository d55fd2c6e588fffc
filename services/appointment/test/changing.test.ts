import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
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

  describe('into the agenda of somebody else', () => {
    const handOver = async (start: string, by = secretary) => {
      const [before, other] = [await booked(), await buildPractitioner(practice)];
      const agenda = { practitionerId: other.practitionerId, appointmentTypeId: other.typeId };
      return { before, other, agenda, answer: await by('POST', `${before.path}/move`, { start, agenda }) };
    };

    it('keeps the patient and the length, frees the old time, and tells both agendas, at the same time of day too', async () => {
      const { before, other, answer } = await handOver(monday('09:30'));
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        ...{ id: before.id, version: 2, status: 'booked', patientId: before.patientId },
        ...{ practitionerId: other.practitionerId, appointmentTypeId: other.typeId, placeId: other.placeId },
        ...{ start: '2026-11-23T09:30:00+01:00', end: '2026-11-23T10:00:00+01:00' },
      });
      await booked(monday('09:30'), { practitionerId: before.practitionerId, typeId: before.typeId });
      await until(async () => typesTold(before.id).length === 2);
      expect(practice.published).toContainEqual(
        expect.objectContaining({
          type: 'appointment.moved',
          data: expect.objectContaining({ appointmentId: before.id, practitionerId: other.practitionerId }),
        }),
      );
      const { rows } = await practice.sql.query(
        'select distinct practitioner_id from agenda_change where practitioner_id = any($1)',
        [[before.practitionerId, other.practitionerId]],
      );
      expect(rows).toHaveLength(2);
    });

    it('is refused where that time is taken or closed, and leaves all as it was', async () => {
      const { before, other, answer } = await handOver(monday('13:00'));
      expect([answer.status, answer.body.code]).toEqual([422, 'APPOINTMENT.OUTSIDE_WORKING_HOURS']);
      await booked(monday('10:00'), { practitionerId: other.practitionerId, typeId: other.typeId });
      const agenda = { practitionerId: other.practitionerId, appointmentTypeId: other.typeId };
      const taken = await secretary('POST', `${before.path}/move`, { start: monday('10:00'), agenda });
      expect([taken.status, taken.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
      expect(taken.body.nextFreeSlots[0]).toMatchObject({ practitionerId: other.practitionerId });
      expect(await row(before.id)).toMatchObject({ practitioner_id: before.practitionerId, version: 1 });
      const forced = { start: monday('10:00'), agenda, overbook: { reason: 'Colleague is ill' } };
      expect((await secretary('POST', `${before.path}/move`, forced)).body.overbooking).toMatchObject({
        over: ['APPOINTMENT.SLOT_TAKEN'],
      });
    });

    it('needs a type of theirs', async () => {
      const { before, other } = await handOver(monday('13:00'));
      const agenda = { practitionerId: other.practitionerId, appointmentTypeId: before.typeId };
      const answer = await secretary('POST', `${before.path}/move`, { start: monday('09:30'), agenda });
      expect([answer.status, answer.body.code]).toEqual([422, 'APPOINTMENT.TYPE_UNKNOWN']);
    });

    it('is none with the same practitioner, where the type stays as it is', async () => {
      const before = await booked();
      const agenda: Record<string, string> = { practitionerId: before.practitionerId, appointmentTypeId: randomUUID() };
      const move = (start: string) => secretary('POST', `${before.path}/move`, { start, agenda });
      const answer = await move(monday('09:30'));
      expect([answer.status, answer.body.code, answer.body.fields[0].path]).toEqual([
        ...[422, 'APPOINTMENT.TYPE_KEPT', 'agenda.appointmentTypeId'],
      ]);
      expect((await row(before.id)).version).toBe(1);
      agenda.appointmentTypeId = before.typeId;
      expect((await move(monday('11:00'))).body).toMatchObject({ version: 2, appointmentTypeId: before.typeId });
    });

    it('is not for patients, nor for who runs one of the two agendas', async () => {
      const { before, agenda } = await handOver(monday('13:00'));
      const { patientId, practitionerId } = before;
      for (const actor of [
        await practice.as({ roles: ['patient'], patientId }),
        await practice.as({ roles: ['practitioner'], practitionerId }),
      ]) {
        const answer = await actor('POST', `${before.path}/move`, { start: monday('09:30'), agenda });
        expect([answer.status, answer.body.code]).toEqual([403, 'ACCESS.STAFF_HANDS_OVER']);
      }
      expect((await row(before.id)).version).toBe(1);
    });
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
