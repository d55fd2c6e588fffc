import { randomUUID } from 'node:crypto';
import { auditEvents } from '@cabinet/postgres/audit';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;
const secretaryId = randomUUID();

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'], sub: secretaryId });
});
afterAll(() => practice?.stop());

const eventsAbout = async (patientId: string) =>
  (await practice.sql.query('select * from audit_event where subjects @> array[$1] order by sequence', [patientId]))
    .rows;

async function booked(patientId: string) {
  const { practitionerId, typeId } = await buildPractitioner(practice);
  const start = '2026-11-23T09:30:00+01:00';
  return secretary('POST', '/api/appointments', {
    patientId,
    practitionerId,
    appointmentTypeId: typeId,
    start,
    reason: 'A cough',
  });
}

describe('the audit trail', () => {
  it('has who did what to whom, with what outcome, refusals included, and nothing else of it', async () => {
    const patientId = randomUUID();
    const { body, headers } = await booked(patientId);
    const malloryId = randomUUID();
    const mallory = await practice.as({ roles: ['patient'], patientId: randomUUID(), sub: malloryId });
    await mallory('GET', `/api/appointments/${body.id}`);

    const events = await eventsAbout(patientId);
    expect(events).toMatchObject([
      {
        at: practice.clock.now(),
        actor: secretaryId,
        roles: ['secretary'],
        action: 'POST /api/appointments',
        subjects: [patientId],
        outcome: 201,
        request_id: headers.get('x-request-id'),
      },
      { actor: malloryId, roles: ['patient'], action: 'GET /api/appointments/:id', outcome: 404 },
    ]);
    expect(JSON.stringify(events)).not.toContain('cough');
    expect(JSON.stringify(events)).not.toContain(body.id);
  });

  it('is whole after many requests at once, and can be neither changed nor emptied', async () => {
    const patientIds = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(patientIds.map(booked));
    await expect(practice.sql.query("update audit_event set actor = 'nobody'")).rejects.toThrow('permission denied');
    await expect(practice.sql.query('delete from audit_event')).rejects.toThrow('permission denied');
    await expect(practice.sql.query('truncate audit_event')).rejects.toThrow('permission denied');
    const verdict = await verifyChain(
      auditEvents(async (sql) => (await practice.sql.query(sql)).rows),
      auditKeysOf('appointment'),
    );
    const [{ count }] = (await practice.sql.query('select count(*) from audit_event')).rows;
    expect(verdict).toMatchObject({ isWhole: true, events: Number(count) });
  });

  it('withholds the answer while it cannot be written', async () => {
    const patientId = randomUUID();
    const { body } = await booked(patientId);
    await practice.sql.query('alter table audit_event rename to audit_event_away');
    const answer = await secretary('GET', `/api/appointments/${body.id}`);
    await practice.sql.query('alter table audit_event_away rename to audit_event');
    expect([answer.status, answer.body.code]).toEqual([503, 'AUDIT.UNAVAILABLE']);
    expect(JSON.stringify(answer.body)).not.toContain(patientId);
    expect(answer.headers.get('etag')).toBeNull();
    expect((await secretary('GET', `/api/appointments/${body.id}`)).status).toBe(200);
  });

  it('hides from guardians who looked for what is kept from them, or would have written it', async () => {
    const child = randomUUID();
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const doctor = await practice.as({ roles: ['practitioner'], sub: randomUUID(), practitionerId });
    const visit = { patientId: child, practitionerId, appointmentTypeId: typeId, keptFromGuardians: true };
    const start = '2026-11-23T09:30:00+01:00';
    expect((await secretary('POST', '/api/appointments', { ...visit, start })).status).toBe(201);
    const noSuchDay = { ...visit, start: '2026-11-31T10:00:00+01:00' };
    const refusals = [
      await secretary('POST', '/api/appointments', noSuchDay),
      await secretary('POST', '/api/appointments/holds', noSuchDay),
      await secretary('POST', '/api/appointments/series', { ...noSuchDay, rule: 'FREQ=WEEKLY;COUNT=2' }),
      await doctor('POST', '/api/appointments', { ...visit, start, reason: 'x'.repeat(5_000) }),
      await secretary('POST', '/api/waiting-list', { patientId: child, keptFromGuardians: true }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual(Array(5).fill(422));
    const lists = ['', '&from=2026-12-01T00:00:00Z', '&status=cancelled'];
    for (const more of lists) await doctor('GET', `/api/appointments?patientId=${child}${more}`);
    await doctor('GET', `/api/waiting-list?patientId=${child}`);
    // Nor of what is refused, by its form, by the use case or because it is another's agenda, before anything of it is looked at.
    const refused = [
      await doctor('GET', `/api/appointments?patientId=${child}&limit=0`),
      await doctor('GET', `/api/appointments?patientId=${child}&status=nothing`),
      await doctor('GET', `/api/appointments?patientId=${child}&from=2026-13-01`),
      await doctor('GET', `/api/appointments?patientId=${child}&cursor=nowhere`),
      await doctor('GET', `/api/appointments?patientId=${child}&practitionerId=${randomUUID()}`),
      await doctor('GET', `/api/waiting-list?patientId=${child}&limit=0`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422, 403, 422]);
    const ofDoctor = `patientId=${child}&practitionerId=${practitionerId}`;
    await secretary('GET', `/api/appointments?${ofDoctor}&status=cancelled`);
    await secretary('GET', `/api/appointments?patientId=${child}&status=cancelled`);
    const guardian = await practice.as({
      roles: ['patient'],
      patientId: randomUUID(),
      sub: randomUUID(),
      acts_for: [{ patient: child, as: 'guardian', sections: ['accesses'] }],
    });
    const self = await practice.as({ roles: ['patient'], patientId: child, sub: randomUUID() });
    const seenBy = async (by: Caller) =>
      (await by('GET', `/system/accesses/${child}`)).body.items.filter(
        ({ roles }: { roles: string[] }) => !roles.includes('patient'),
      );
    // That somebody at the desk looked, and for whom nobody is named, tells nothing.
    expect(await seenBy(guardian)).toMatchObject([{ action: 'GET /api/appointments', roles: ['secretary'] }]);
    expect((await seenBy(guardian))[0]).not.toHaveProperty('onBehalfOf');
    expect(await seenBy(self)).toHaveLength(1 + refusals.length + lists.length + refused.length + 3);
    // What shows a visit that is not kept tells no more than that.
    await secretary('POST', '/api/appointments', {
      ...visit,
      keptFromGuardians: false,
      start: '2026-11-23T10:30:00+01:00',
    });
    await doctor('GET', `/api/appointments?patientId=${child}&from=2026-11-23T10:00:00%2B01:00`);
    expect(await seenBy(guardian)).toMatchObject([
      { action: 'GET /api/appointments', practitionerId },
      { action: 'POST /api/appointments', onBehalfOf: practitionerId },
      { action: 'GET /api/appointments', roles: ['secretary'] },
    ]);
  });

  it('says nothing of searches that show nobody', async () => {
    const before = (await practice.sql.query('select from audit_event')).rowCount;
    await secretary('GET', `/api/schedules/${randomUUID()}`);
    expect((await practice.sql.query('select from audit_event')).rowCount).toBe(before);
  });
});
