import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { type NotificationService, RecordingChannel, startService } from './support.ts';

let service: NotificationService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});
const begin = async (options: Parameters<typeof startService>[0] = {}) => {
  service = await startService(options);
  return service;
};
const start = '2026-12-08T08:30:00Z';
const path = '/api/notification-policies/current';

async function setBudget(admin: Caller, email: number): Promise<void> {
  const { policy } = (await admin('GET', path)).body;
  const dailyBudget = { ...policy.dailyBudget, email };
  expect((await admin('PUT', path, { ...policy, dailyBudget }, { 'if-match': '"v0"' })).status).toBe(200);
}

describe('what may leave in a day', () => {
  it('says nothing of what is about somebody’s access: a code is worth nothing tomorrow', async () => {
    const its = await begin();
    await setBudget(await its.as({ roles: ['admin'] }), 0);
    const claire = its.patient();
    const { visit } = await its.visit(claire.id, start);
    const [codeId, accessId] = [randomUUID(), randomUUID()];
    its.neighbours.codes.set(codeId, {
      ...{ email: 'new@example.org', purpose: 'reset', code: '7K3F-9QXM-2BTR' },
      expiresAt: new Date('2026-11-20T10:30:00Z'),
    });
    const hear = (source: string, type: string, data: object) =>
      its.hear(source, { id: randomUUID(), type, source, data });
    await hear('auth', 'code.made', { codeId, purpose: 'reset' });
    const opened = {
      patientId: claire.id,
      version: 1,
      accessId,
      practitionerId: randomUUID(),
      reasonCode: 'urgent-symptoms',
    };
    await hear('record', 'record.emergency-access-opened', opened);
    expect(await its.states(codeId)).toEqual(['password-reset email sent']);
    expect(await its.states(accessId)).toEqual(['emergency-access email sent']);
    expect((await its.states(visit.id))[0]).toBe('confirmation email held budget');
  });

  it('is sent once, also what somebody sent again while it was held', async () => {
    const its = await begin();
    await setBudget(await its.as({ roles: ['admin'] }), 0);
    const secretary = await its.as({ roles: ['secretary'] });
    const [claire, other] = [its.patient(), its.patient()];
    const { visit } = await its.visit(claire.id, start);
    await its.visit(other.id, start);
    await its.settled();
    const [held] = await its.ledger(visit.id);
    const again = await secretary('POST', `/api/notifications/${held?.id}/resend`);
    expect([again.status, again.body.resendOf, again.body.state]).toEqual([201, held?.id, 'planned']);
    expect((await its.states(visit.id)).slice(0, 2)).toEqual([
      'confirmation email suppressed superseded',
      'confirmation email held budget',
    ]);
    const { policy } = (await secretary('GET', path)).body;
    const dailyBudget = { ...policy.dailyBudget, email: 100 };
    await secretary('PUT', path, { ...policy, dailyBudget }, { 'if-match': '*' });
    await its.at('2026-11-20T23:30:00Z');
    await until(() => its.email.sent.length === 2);
    await its.settled();
    for (const { emails } of [claire, other]) expect(its.email.to(emails[0] as string)).toHaveLength(1);
    expect(await its.told(claire.id, 4)).toEqual([
      ...['notification.held', 'notification.suppressed', 'notification.held', 'notification.sent'],
    ]);
  });
});

describe('what nobody has set up', () => {
  it('is tried again later, where there is a provider by then', async () => {
    const email = new RecordingChannel('email');
    const its = await begin({ overrides: { channels: [email] } });
    email.answer = () => ({ state: 'failed', class: 'configuration', text: '535 bad key' });
    const secretary = await its.as({ roles: ['secretary'] });
    const order = { template: 'call-us', patientIds: [its.patient().id], channels: ['email', 'sms'] };
    const [{ occasionId }] = (await secretary('POST', '/api/notify', order)).body.items;
    expect(await its.states(occasionId)).toEqual([
      'call-us email held configuration',
      'call-us sms held configuration',
    ]);
    const before = (await its.ledger(occasionId))[1];
    email.answer = () => undefined;
    await its.at('2026-11-20T10:09:00Z');
    expect(email.tried).toHaveLength(1);
    await its.at('2026-11-20T10:11:00Z');
    await expect.poll(() => email.sent.length).toBe(1);
    expect(await its.states(occasionId)).toEqual(['call-us email sent', 'call-us sms held configuration']);
    // Nobody here could send it: it is left for who can.
    expect((await its.ledger(occasionId))[1]).toEqual(before);
  });

  it('is held no longer than it is of use', async () => {
    const its = await begin({ overrides: { channels: [] } });
    const { visit } = await its.visit(its.patient().id, start);
    expect((await its.states(visit.id))[0]).toBe('confirmation email held configuration');
    const held = async () =>
      /^notifications_held(?:\{[^}]*\})? (\d+)/m.exec(await (await fetch(`${its.base}/metrics`)).text())?.[1];
    expect(await held()).toBe('1');
    await its.at('2026-12-08T09:00:00Z');
    await expect.poll(async () => (await its.states(visit.id))[0]).toBe('confirmation email suppressed past');
    await expect.poll(held).toBe('0');
  });
});
