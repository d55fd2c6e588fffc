import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
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

const requestOf = ({ practitionerId, typeId }: Practitioner, patientId: string, more: object = {}) => ({
  patientId,
  practitionerId,
  appointmentTypeId: typeId,
  start: monday('09:30'),
  ...more,
});

/** Does something when its time has come. */
async function at(time: string, action: () => Promise<void>): Promise<void> {
  const before = practice.clock.now();
  practice.clock.set(new Date(time));
  try {
    await action();
  } finally {
    practice.clock.set(before);
  }
}

describe('a care relation', () => {
  const isInCare = async (patientId: string, { practitionerId }: Practitioner) => {
    const question = `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`;
    const service = { 'dapr-caller-app-id': 'record', 'dapr-api-token': appApiToken };
    return (await caller(practice.base)('GET', question, undefined, service)).body.exists;
  };

  it('does not come of what a practitioner does alone', async () => {
    const two = await buildPractitioner(practice);
    const { practitionerId } = two;
    const dr = await practice.as({ roles: ['practitioner', 'secretary'], practitionerId });
    const nobody: string[] = [];
    const one = () => {
      nobody.push(randomUUID());
      return nobody.at(-1) as string;
    };
    expect((await dr('POST', '/api/appointments', requestOf(two, one()))).status).toBe(201);
    const forced = requestOf(two, one(), { start: '2027-03-02T03:05:00+01:00', overbook: { reason: 'x' } });
    expect((await dr('POST', '/api/appointments', forced)).status).toBe(201);
    const held = await dr('POST', '/api/appointments/holds', requestOf(two, one(), { start: monday('10:00') }));
    expect((await dr('POST', `/api/appointments/${held.body.id}/confirm`)).body.status).toBe('booked');
    const series = requestOf(two, one(), { start: monday('11:00'), rule: 'FREQ=DAILY;COUNT=2' });
    expect((await dr('POST', '/api/appointments/series', series)).status).toBe(201);
    const waiting = await dr('POST', '/api/waiting-list', {
      patientId: one(),
      wants: [{ practitionerId: two.practitionerId, appointmentTypeId: two.typeId }],
      fromDate: '2026-11-24',
      untilDate: '2026-12-01',
    });
    await until(async () => (await dr('GET', `/api/waiting-list/${waiting.body.id}`)).body.status === 'proposed');
    expect((await dr('POST', `/api/waiting-list/${waiting.body.id}/accept`)).body.status).toBe('booked');
    for (const patientId of nobody) expect(await isInCare(patientId, two)).toBe(false);
  });

  it('comes of what the patient or a secretary books, confirms or moves, as long as it stands', async () => {
    const two = await buildPractitioner(practice);
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    for (const [nth, who] of (['patient', 'secretary'] as const).entries()) {
      const patientId = randomUUID();
      const as = who === 'patient' ? await practice.as({ roles: ['patient'], patientId }) : secretary;
      const start = monday(nth === 0 ? '09:00' : '09:30');
      const { id } = (await as('POST', '/api/appointments', requestOf(two, patientId, { start }))).body;
      expect(await isInCare(patientId, two)).toBe(true);
      expect(await isInCare(patientId, await buildPractitioner(practice))).toBe(false);
      await dr('POST', `/api/appointments/${id}/cancel`, { reason: 'x' });
      expect(await isInCare(patientId, two)).toBe(false);
      const held = await dr('POST', '/api/appointments/holds', requestOf(two, patientId, { start }));
      await as('POST', `/api/appointments/${held.body.id}/confirm`);
      expect(await isInCare(patientId, two)).toBe(true);
      await as('POST', `/api/appointments/${held.body.id}/cancel`, { reason: 'x' });
      const own = await dr('POST', '/api/appointments', requestOf(two, patientId, { start }));
      expect(await isInCare(patientId, two)).toBe(false);
      await as('POST', `/api/appointments/${own.body.id}/move`, { start: monday(`1${nth}:00`) });
      expect(await isInCare(patientId, two)).toBe(true);
    }
  });

  it('does not come of a visit that the practitioner alone booked, forced and saw', async () => {
    const two = await buildPractitioner(practice);
    const patientId = randomUUID();
    const { practitionerId } = two;
    const dr = await practice.as({ roles: ['practitioner', 'secretary'], practitionerId });
    const overbook = { reason: 'x' };
    const { id } = (await dr('POST', '/api/appointments', requestOf(two, patientId, { overbook }))).body;
    await at(monday('09:30'), async () => {
      for (const [how, status] of [
        ['arrive', 'arrived'],
        ['complete', 'fulfilled'],
      ]) {
        expect((await dr('POST', `/api/appointments/${id}/${how}`)).body.status).toBe(status);
        expect(await isInCare(patientId, two)).toBe(false);
      }
      expect((await dr('POST', `/api/appointments/${id}/confirm`)).status).toBe(409);
      expect(await isInCare(patientId, two)).toBe(false);
    });
  });

  it.each(['patient', 'secretary'] as const)('comes of such a visit once a %s stands for it', async (who) => {
    const two = await buildPractitioner(practice);
    const patientId = randomUUID();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const other = who === 'patient' ? await practice.as({ roles: ['patient'], patientId }) : secretary;
    const { id, version } = (await dr('POST', '/api/appointments', requestOf(two, patientId))).body;
    const confirmed = await other('POST', `/api/appointments/${id}/confirm`);
    expect([confirmed.status, confirmed.body.status, confirmed.body.version]).toEqual([200, 'booked', version + 1]);
    expect(await isInCare(patientId, two)).toBe(true);
    expect((await other('POST', `/api/appointments/${id}/confirm`)).status).toBe(409);
  });

  it('is no word for it that the patient did not come', async () => {
    const two = await buildPractitioner(practice);
    const patientId = randomUUID();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const { id } = (await dr('POST', '/api/appointments', requestOf(two, patientId))).body;
    await at(monday('09:30'), async () => {
      await secretary('POST', `/api/appointments/${id}/miss`);
      expect((await dr('POST', `/api/appointments/${id}/reopen`, { reason: 'x' })).body.status).toBe('booked');
      expect(await isInCare(patientId, two)).toBe(false);
    });
  });

  it('comes of a visit that a secretary saw take place, for two years, and ends when that is taken back', async () => {
    const two = await buildPractitioner(practice);
    const patientId = randomUUID();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const { id } = (await dr('POST', '/api/appointments', requestOf(two, patientId))).body;
    await at(monday('09:30'), async () => {
      expect(await isInCare(patientId, two)).toBe(false);
      await secretary('POST', `/api/appointments/${id}/arrive`);
      expect(await isInCare(patientId, two)).toBe(true);
      await dr('POST', `/api/appointments/${id}/reopen`, { reason: 'Another patient' });
      expect(await isInCare(patientId, two)).toBe(false);
      await secretary('POST', `/api/appointments/${id}/arrive`);
      await dr('POST', `/api/appointments/${id}/complete`);
      practice.clock.advanceBy(730 * 86_400_000);
      expect(await isInCare(patientId, two)).toBe(true);
      practice.clock.advanceBy(2 * 86_400_000);
      expect(await isInCare(patientId, two)).toBe(false);
    });
  });

  it('exists from the booking on, not after a cancellation, and only services may ask', async () => {
    const two = await buildPractitioner(practice);
    const { practitionerId } = two;
    const patientId = randomUUID();
    const { id } = (await secretary('POST', '/api/appointments', requestOf(two, patientId))).body;
    const question = `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`;
    const asService = () =>
      caller(practice.base)('GET', question, undefined, {
        'dapr-caller-app-id': 'record',
        'dapr-api-token': appApiToken,
      });
    expect((await asService()).body).toEqual({ patientId, practitionerId, exists: true });
    expect((await secretary('GET', question)).status).toBe(403);
    await secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'Feels better' });
    expect((await asService()).body.exists).toBe(false);
  });
});
