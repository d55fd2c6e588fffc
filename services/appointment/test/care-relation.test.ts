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
  const isInCare = async (patientId: string, { practitionerId }: Practitioner, { base } = practice) => {
    const question = `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`;
    const service = { 'dapr-caller-app-id': 'record', 'dapr-api-token': appApiToken };
    return (await caller(base)('GET', question, undefined, service)).body.exists;
  };

  /** The practitioner asks for a place on the waiting list. @param acceptedBy who accepts the first offer */
  async function acceptOffer(two: Practitioner, patientId: string, dr: Caller, acceptedBy = dr) {
    const { body: waiting } = await dr('POST', '/api/waiting-list', {
      patientId,
      wants: [{ practitionerId: two.practitionerId, appointmentTypeId: two.typeId }],
      fromDate: '2026-11-20',
      untilDate: '2026-12-01',
      noticeMinutes: 0,
    });
    await until(async () => (await dr('GET', `/api/waiting-list/${waiting.id}`)).body.status === 'proposed');
    const { body } = await acceptedBy('POST', `/api/waiting-list/${waiting.id}/accept`, undefined, { 'if-match': '*' });
    expect(body.status).toBe('booked');
    const [{ appointmentId, start }] = body.offers;
    return { id: appointmentId as string, start: start as string };
  }

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
    expect(
      (await dr('POST', `/api/waiting-list/${waiting.body.id}/accept`, undefined, { 'if-match': '*' })).body.status,
    ).toBe('booked');
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
      await as('POST', `/api/appointments/${own.body.id}/move`, {
        start: monday(`1${nth}:00`),
      });
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

  it('does not come of a place on the waiting list that the practitioner alone asked for, accepted and saw taken', async () => {
    const two = await buildPractitioner(practice);
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const patientId = randomUUID();
    const { id, start } = await acceptOffer(two, patientId, dr);
    expect(await isInCare(patientId, two)).toBe(false);
    await at(start, async () => {
      expect((await dr('POST', `/api/appointments/${id}/arrive`)).body.status).toBe('arrived');
      expect(await isInCare(patientId, two)).toBe(false);
      expect((await dr('POST', `/api/appointments/${id}/complete`)).body.status).toBe('fulfilled');
      expect(await isInCare(patientId, two)).toBe(false);
    });
    expect((await secretary('POST', `/api/appointments/${id}/confirm`)).status).toBe(200);
    expect(await isInCare(patientId, two)).toBe(true);
  });

  it.each(['patient', 'secretary'] as const)('comes of an offer of the waiting list that a %s accepts', async (who) => {
    const two = await buildPractitioner(practice);
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const patientId = randomUUID();
    const other = who === 'patient' ? await practice.as({ roles: ['patient'], patientId }) : secretary;
    await acceptOffer(two, patientId, dr, other);
    expect(await isInCare(patientId, two)).toBe(true);
  });

  it('does not come of a file that the practitioner takes over into their own agenda', async () => {
    const mine = await buildPractitioner(practice);
    const others = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.practitioners.set('10100000021', mine.practitioner);
    practice.people.practitioners.set('10100000022', others.practitioner);
    practice.people.patients.set('199012345678921', { id: patientId, active: true });
    const dr = await practice.as({ roles: ['practitioner', 'admin'], practitionerId: mine.practitionerId });
    const file = [
      'patientIns;practitionerRpps;appointmentType;start',
      `199012345678921;10100000021;Consultation;${monday('09:00')}`,
      `199012345678921;10100000022;Consultation;${monday('10:00')}`,
    ].join('\r\n');
    const report = await dr('POST', '/api/appointments/import', file, { 'content-type': 'text/csv' });
    expect(report.body.lines).toMatchObject({ created: 2 });
    expect(await isInCare(patientId, mine)).toBe(false);
    expect(await isInCare(patientId, others)).toBe(true);
  });

  it('comes of what was booked before it was kept on whose word, once it took place, and never of what says nothing', async () => {
    const old = await startPractice();
    try {
      const two = await buildPractitioner(old);
      const desk = await old.as({ roles: ['secretary'] });
      const [before, ahead, since, offered] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      const all = [before, ahead, since, offered];
      for (const [nth, patientId] of all.entries()) {
        const asked = requestOf(two, patientId, { start: monday(['09:00', '09:30', '10:00', '10:30'][nth] as string) });
        const path = patientId === offered ? '/api/appointments/holds' : '/api/appointments';
        expect((await desk('POST', path, asked)).status).toBe(201);
      }
      await old.sql.query(`update appointment set booked_as = null`);
      await old.sql.query(`update appointment set status = 'arrived' where patient_id = any($1)`, [[before, since]]);
      await old.sql.query(`update mikro_orm_migrations set executed_at = '2026-01-01' where name like '011-%'`);
      await old.sql.query(`update appointment set created_at = '2025-12-31' where patient_id = any($1)`, [
        [before, ahead],
      ]);
      await old.sql.query(`delete from mikro_orm_migrations where name like '019-%'`);
      const updated = await startPractice(undefined, { beside: old });
      try {
        const words = await old.sql.query('select patient_id, booked_as from appointment order by "start"');
        expect(words.rows.map(({ booked_as }) => booked_as)).toEqual([
          'unknown',
          'unknown',
          'practitioner',
          'practitioner',
        ]);
        const count = async (patientId: string) => isInCare(patientId, two, old);
        expect(await Promise.all(all.map(count))).toEqual([true, false, false, false]);
        await old.sql.query(`update appointment set booked_as = null`);
        expect(await count(before)).toBe(false);
      } finally {
        await updated.stop();
      }
    } finally {
      await old.stop();
    }
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
    expect((await asService()).body).toEqual({ patientId, practitionerId, exists: true, keptFromGuardians: false });
    expect((await secretary('GET', question)).status).toBe(403);
    const keep = (keptFromGuardians: boolean) =>
      secretary('POST', `/api/appointments/${id}/keep-from-guardians`, { keptFromGuardians });
    await keep(true);
    expect((await asService()).body).toMatchObject({ exists: true, keptFromGuardians: true });
    const other = requestOf(two, patientId, { start: monday('11:00') });
    const open = (await secretary('POST', '/api/appointments', other)).body;
    expect((await asService()).body).toMatchObject({ exists: true, keptFromGuardians: false });
    await secretary('POST', `/api/appointments/${open.id}/cancel`, { reason: 'Feels better' });
    expect((await asService()).body).toMatchObject({ exists: true, keptFromGuardians: true });
    await secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'Feels better' });
    expect((await asService()).body.exists).toBe(false);
  });
});
