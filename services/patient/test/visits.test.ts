import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { buildAppointment, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  // Events that cannot be handled are logged, which is not what is looked at here.
  service = await startService({ logLevel: 'silent' });
  secretary = await service.as({ roles: ['secretary'] });
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

async function register(): Promise<string> {
  return (await secretary('POST', '/api/patients', buildPatient())).body.id;
}

async function visitsOf(id: string) {
  const { lastVisit, nextVisit } = (await secretary('GET', `/api/patients/${id}`)).body;
  return { last: lastVisit?.start, next: nextVisit?.start };
}

const happen = (type: string, data: object) => service.deliver({ type: `appointment.${type}`, data });

describe('POST /events/appointment', () => {
  it('keeps the last and the next visit of a patient, as time goes by', async () => {
    const patientId = await register();
    const day = (date: string) => buildAppointment({ patientId, start: `2026-11-${date}T08:30:00Z` });
    for (const date of ['27', '12', '23', '18']) expect(await happen('booked', day(date))).toBe(200);
    expect(await visitsOf(patientId)).toEqual({ last: '2026-11-18T08:30:00.000Z', next: '2026-11-23T08:30:00.000Z' });
    const now = service.clock.now();
    service.clock.set(new Date('2026-11-23T08:30:00Z'));
    expect(await visitsOf(patientId)).toEqual({ last: '2026-11-23T08:30:00.000Z', next: '2026-11-27T08:30:00.000Z' });
    service.clock.set(now);
    const listed = await secretary('POST', '/api/patients/search', { birthDate: '1980-01-31', limit: 100 });
    expect(listed.body.items.find(({ id }: { id: string }) => id === patientId).nextVisit.start).toBe(
      '2026-11-23T08:30:00.000Z',
    );
  });

  it('follows an appointment that is moved, cancelled or missed', async () => {
    const patientId = await register();
    const appointment = buildAppointment({ patientId });
    await happen('booked', appointment);
    await happen('moved', { ...appointment, version: 2, start: '2026-11-25T08:30:00Z' });
    expect((await visitsOf(patientId)).next).toBe('2026-11-25T08:30:00.000Z');
    await happen('cancelled', { ...appointment, version: 3, status: 'cancelled' });
    expect(await visitsOf(patientId)).toEqual({ last: undefined, next: undefined });
    const missed = buildAppointment({ patientId, start: '2026-11-18T08:30:00Z' });
    await happen('booked', missed);
    await happen('missed', { ...missed, version: 2, status: 'noshow' });
    expect(await visitsOf(patientId)).toEqual({ last: undefined, next: undefined });
  });

  it('ignores what is older than what it knows, in whatever order it arrives', async () => {
    const patientId = await register();
    const appointment = buildAppointment({ patientId });
    await happen('cancelled', { ...appointment, version: 3, status: 'cancelled' });
    await happen('booked', appointment);
    await happen('moved', { ...appointment, version: 2, start: '2026-11-25T08:30:00Z' });
    expect(await visitsOf(patientId)).toEqual({ last: undefined, next: undefined });
  });

  it('has its effect once however often the same event arrives', async () => {
    const patientId = await register();
    const event = { id: randomUUID(), type: 'appointment.booked', data: buildAppointment({ patientId }) };
    const statuses = await Promise.all(Array.from({ length: 8 }, () => service.deliver(event)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const { rows } = await service.sql.query('select * from visit where patient_id = $1', [patientId]);
    expect(rows).toHaveLength(1);
    expect((await service.sql.query('select 1 from inbox where event_id = $1', [event.id])).rowCount).toBe(1);
  });

  it('takes no notice of kinds of events it does not know', async () => {
    expect(await service.deliver({ type: 'appointment.teleported', data: {} })).toBe(200);
    expect(await service.deliver({ type: 'user.created', data: { userId: randomUUID(), version: 1 } })).toBe(200);
  });

  it('asks for an event that it cannot read again, and keeps nothing of it', async () => {
    const event = { id: randomUUID(), type: 'appointment.booked', data: buildAppointment({ start: 'tomorrow' }) };
    expect(await service.deliver(event)).toBe(500);
    expect((await service.sql.query('select 1 from inbox where event_id = $1', [event.id])).rowCount).toBe(0);
  });

  it('is for the sidecar only', async () => {
    const event = { id: randomUUID(), type: 'appointment.booked', source: 'appointment', data: buildAppointment() };
    const forged = await caller(service.base)('POST', '/events/appointment', event);
    expect([forged.status, forged.body.code]).toEqual([401, 'ACCESS.SIDECAR_ONLY']);
    expect((await admin('POST', '/events/dead-letters', event)).status).toBe(401);
  });
});

describe('dead letters', () => {
  const listed = async () => (await admin('GET', '/api/patients/events/dead-letters')).body.items;

  it('are kept, listed, and have their effect once when they are replayed', async () => {
    const patientId = await register();
    const event = { id: randomUUID(), type: 'appointment.booked', data: buildAppointment({ patientId }) };
    expect(await service.deliver(event, '/events/dead-letters')).toBe(200);
    expect(await listed()).toMatchObject([{ eventId: event.id, topic: 'appointment', type: 'appointment.booked' }]);
    expect((await visitsOf(patientId)).next).toBeUndefined();

    expect((await admin('POST', `/api/patients/events/dead-letters/${event.id}/replay`)).status).toBe(204);
    expect((await visitsOf(patientId)).next).toBe('2026-11-23T08:30:00.000Z');
    expect(await listed()).toEqual([]);
    expect((await admin('POST', `/api/patients/events/dead-letters/${event.id}/replay`)).status).toBe(204);
    expect((await service.sql.query('select 1 from visit where patient_id = $1', [patientId])).rowCount).toBe(1);
  });

  it('stay when they fail again, and an unknown one is 404', async () => {
    const event = { id: randomUUID(), type: 'appointment.booked', data: { appointmentId: 'poison' } };
    await service.deliver(event, '/events/dead-letters');
    expect((await admin('POST', `/api/patients/events/dead-letters/${event.id}/replay`)).status).toBe(500);
    expect(await listed()).toMatchObject([{ eventId: event.id }]);
    const unknown = await admin('POST', `/api/patients/events/dead-letters/${randomUUID()}/replay`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'EVENTS.NO_SUCH_DEAD_LETTER']);
  });
});
