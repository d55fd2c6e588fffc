import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
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

  it('is for the sidecar only', async () => {
    const event = { id: randomUUID(), type: 'appointment.booked', source: 'appointment', data: buildAppointment() };
    const forged = await caller(service.base)('POST', '/events/appointment', event);
    expect([forged.status, forged.body.code]).toEqual([401, 'ACCESS.SIDECAR_ONLY']);
  });
});

describe('an event whose content cannot be handled', () => {
  const path = '/system/dead-letters';
  const letters = async (eventId: string) => (await admin('GET', `${path}?eventId=${eventId}`)).body.items;

  it('is a dead letter with its reason after some tries, holds up none of another key, and is let go or dropped', async () => {
    const patientId = await register();
    const event = { id: randomUUID(), type: 'appointment.booked', data: buildAppointment({ start: 'tomorrow' }) };
    expect(await service.deliver(event)).toBe(200);
    await happen('booked', buildAppointment({ patientId }));
    expect((await visitsOf(patientId)).next).toBe('2026-11-23T08:30:00.000Z');

    await until(async () => (await letters(event.id)).length === 1);
    const waiting = () => service.sql.query('select 1 from waiting_event where event_id = $1', [event.id]);
    await until(async () => (await waiting()).rowCount === 0);
    const kept = { cause: 'schema', code: 'EVENT.NOT_OF_ITS_FORM', tries: 4, topic: 'appointment' };
    expect(await letters(event.id)).toEqual([
      {
        ...kept,
        ...{ eventId: event.id, type: event.type, firstAt: expect.any(String), lastAt: expect.any(String) },
        // What it is about, by name; nothing of what it says.
        ...{ source: 'appointment', holds: expect.arrayContaining(Object.keys(event.data)) },
      },
    ]);
    expect((await service.sql.query('select 1 from inbox where event_id = $1', [event.id])).rowCount).toBe(0);

    expect((await admin('POST', `${path}/replay`, { eventId: event.id })).body).toEqual({
      count: 1,
      notGenuine: 0,
    });
    await until(async () => (await letters(event.id))[0]?.tries === 5);
    expect((await admin('POST', `${path}/drop`, { code: kept.code })).body).toEqual({ count: 1 });
    expect(await letters(event.id)).toEqual([]);
  });

  it('says nothing that stands in it, not even where a name would', async () => {
    const data = { ...buildAppointment({ start: 'tomorrow' }), 'Odile Quenneville, 2 March': 'Odile' };
    const event = { id: randomUUID(), type: 'appointment.booked', data };
    expect(await service.deliver(event)).toBe(200);
    await until(async () => (await letters(event.id)).length === 1);
    const [letter] = await letters(event.id);
    expect(letter.holds).toContain('patientId');
    for (const said of ['Odile', 'tomorrow', data.patientId]) expect(JSON.stringify(letter)).not.toContain(said);
    await admin('POST', `${path}/drop`, { eventId: event.id });
  });

  it('is shown to admins only, and dropped only by saying which', async () => {
    const secretary = await service.as({ roles: ['secretary'] });
    expect((await secretary('GET', path)).status).toBe(403);
    expect((await secretary('POST', `${path}/drop`, { code: 'X' })).status).toBe(403);
    expect((await admin('POST', `${path}/drop`, {})).status).toBe(422);
    expect((await admin('POST', `${path}/drop`, { all: true })).body.fields).toMatchObject([{ path: 'all' }]);
  });
});
