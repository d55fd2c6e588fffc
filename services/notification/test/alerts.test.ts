import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonNow } from '../src/domain/neighbours.js';
import { usualPolicy } from '../src/domain/policies/policy.js';
import { type NotificationService, person, startService } from './support.ts';

const now = '2026-11-20T10:00:00Z';
let service: NotificationService;

beforeAll(async () => {
  service = await startService({ now });
});
afterAll(() => service.stop());

const colleague = (more: Partial<PersonNow> = {}): PersonNow => {
  const made = person({ familyName: 'Bernard', givenNames: ['Alice'], ...more });
  service.neighbours.colleagues.set(made.id, made);
  return made;
};

interface Called {
  alertId?: string;
  generation?: number;
  step?: number;
  priority?: 'low' | 'medium' | 'high';
}

/** As alert tells that somebody is to be told, while it still waits for them. */
const called = (
  recipients: PersonNow[],
  { alertId = randomUUID(), generation = 1, step = 0, priority = 'high' }: Called = {},
) => {
  service.neighbours.calls.set(alertId, { generation, isCalling: true });
  const data = {
    ...{ alertId, version: 1, patientId: randomUUID(), ruleId: randomUUID(), priority, groupId: alertId },
    ...{ generation, step, isLastResort: false, recipients: recipients.map(({ id }) => id) },
  };
  return { id: randomUUID(), type: 'alert.called', source: 'alert', data };
};

const hear = async (event: ReturnType<typeof called>): Promise<string> => {
  const answer = await service.hear('alert', event);
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return event.data.alertId;
};

/** Until an alert was told, which it is while nobody answers. */
const to = ({ emails, phones }: PersonNow) => ({
  mails: service.email.to(emails[0] as string),
  texts: service.sms.to(phones[0] as string),
});

it('everybody whom a step names is told at once, whatever the hour, and hears nothing of the patient', async () => {
  // On a Sunday at night.
  await service.at('2026-11-22T02:00:00Z');
  const [alice, paul] = [colleague(), colleague({ givenNames: ['Paul'] })];
  const event = called([alice, paul]);
  const alertId = await hear(event);
  expect(await service.states(alertId)).toEqual(
    Array(2).fill(['urgent-alert 0 email sent', 'urgent-alert 0 sms sent']).flat().sort(),
  );
  const { mails, texts } = to(alice);
  expect([mails.length, texts.length]).toEqual([1, 1]);
  expect(mails[0]).toMatchObject({ subject: 'Alerte urgente – Cabinet des Lilas' });
  expect(mails[0]?.text).toContain('ni un dispositif médical certifié ni un service d’urgence');
  expect(mails[0]?.links).toBeUndefined();
  expect(JSON.stringify([mails, texts])).not.toContain(event.data.patientId);
  expect(to(paul).mails[0]?.text).toContain('Bonjour Paul Bernard');
  const { rows } = await service.sql.query('select patient_id from decision where occasion_id = $1', [alertId]);
  expect(rows).toEqual(Array(4).fill({ patient_id: null }));
});

it('one that is not urgent is told by mail alone', async () => {
  const alice = colleague();
  const alertId = await hear(called([alice], { priority: 'medium' }));
  expect(await service.states(alertId)).toEqual(['alert 0 email sent']);
  expect(to(alice).mails[0]?.subject).toBe('Une alerte vous attend – Cabinet des Lilas');
});

it('a step is told once, however often and by whichever event it is heard, and the next one by itself', async () => {
  const alice = colleague();
  const first = called([alice], { priority: 'low' });
  const { alertId } = first.data;
  await hear(first);
  await hear(first);
  await hear({ ...first, id: randomUUID() });
  await hear(called([alice], { alertId, step: 1, priority: 'low' }));
  expect(await service.states(alertId)).toEqual(['alert 0 email sent', 'alert 1 email sent']);
  expect(to(alice).mails).toHaveLength(2);
});

it('what was acknowledged, snoozed or handed over before it left is told to nobody', async () => {
  const alice = colleague();
  const acknowledged = called([alice]);
  service.neighbours.calls.set(acknowledged.data.alertId, { generation: 1, isCalling: false });
  const again = called([alice]);
  service.neighbours.calls.set(again.data.alertId, { generation: 2, isCalling: true });
  const erased = called([alice]);
  service.neighbours.calls.delete(erased.data.alertId);
  for (const event of [acknowledged, again, erased]) {
    expect(await service.states(await hear(event))).toEqual([
      'urgent-alert 0 email suppressed superseded',
      'urgent-alert 0 sms suppressed superseded',
    ]);
  }
  expect(to(alice)).toEqual({ mails: [], texts: [] });
});

it('what could not leave is not tried again once somebody has seen it', async () => {
  const alice = colleague();
  const event = called([alice], { priority: 'medium' });
  service.email.answer = ({ to: address }) =>
    address === alice.emails[0] ? { state: 'failed', class: 'temporary', text: 'greylisted' } : undefined;
  const alertId = await hear(event);
  await expect.poll(async () => (await service.ledger(alertId))[0]?.attempts).toBe(1);
  service.email.answer = () => undefined;
  service.neighbours.calls.set(alertId, { generation: 1, isCalling: false });
  await service.at(new Date(service.clock.now().getTime() + 10 * 60_000).toISOString());
  expect(await service.states(alertId)).toEqual(['alert 0 email suppressed superseded']);
  expect(to(alice).mails).toEqual([]);
});

it('while nobody can say whether somebody has seen it, it is told: rather once too often than not', async () => {
  const alice = colleague();
  service.neighbours.away.add('alert');
  const alertId = await hear(called([alice], { priority: 'medium' }));
  expect(await service.states(alertId)).toEqual(['alert 0 email sent']);
  service.neighbours.away.delete('alert');
});

it('one whose address cannot be asked for waits for that, and no other waits with it', async () => {
  const alice = colleague();
  service.neighbours.away.add('practitioner');
  const alertId = await hear(called([alice], { priority: 'medium' }));
  await expect
    .poll(async () => (await service.ledger(alertId)).map(({ state }) => state), { timeout: 5_000 })
    .toEqual(['planned']);
  service.neighbours.away.delete('practitioner');
  await service.at(new Date(service.clock.now().getTime() + 2 * 60_000).toISOString());
  expect(await service.states(alertId)).toEqual(['alert 0 email sent']);
});

it('who works here no longer, or has no number, is not told by that, and the ledger says so', async () => {
  const [gone, deskOnly] = [colleague({ active: false }), colleague({ phones: [] })];
  expect(await service.states(await hear(called([gone], { priority: 'low' })))).toEqual([
    'alert 0 email suppressed hidden',
  ]);
  expect(await service.states(await hear(called([deskOnly])))).toEqual([
    'urgent-alert 0 email sent',
    'urgent-alert 0 sms suppressed no-address',
  ]);
});

it('neither what the practice may send in a day nor what anybody may get keeps an alert back', async () => {
  const own = await startService({ now });
  const secretary = await own.as({ roles: ['secretary'], sub: randomUUID() });
  const policy = { ...usualPolicy, recipientDailyMax: 1, dailyBudget: { email: 0, sms: 0, push: 0 } };
  const set = await secretary('PUT', '/api/notification-policies/current', policy, { 'if-match': '"v0"' });
  expect([set.status, set.body]).toMatchObject([200, { version: 1 }]);
  const alice = person();
  own.neighbours.colleagues.set(alice.id, alice);
  const events = [called([alice]), called([alice]), called([alice])];
  for (const event of events) {
    own.neighbours.calls.set(event.data.alertId, { generation: 1, isCalling: true });
    await own.hear('alert', event);
    expect(await own.states(event.data.alertId)).toEqual(['urgent-alert 0 email sent', 'urgent-alert 0 sms sent']);
  }
  await own.stop();
});

it('a policy by which alerts would reach nobody is refused', async () => {
  const secretary = await service.as({ roles: ['secretary'], sub: randomUUID() });
  for (const channels of [[], ['sms']]) {
    const policy = { ...usualPolicy, alert: { channels, urgentChannels: ['email'] } };
    const { status, body } = await secretary('PUT', '/api/notification-policies/current', policy, {
      'if-match': '"v0"',
    });
    expect([status, body.fields?.[0]?.path]).toEqual([422, expect.stringContaining('alert.channels')]);
  }
});

it('the ledger shows it to those who see all messages, without a patient', async () => {
  const alertId = await hear(called([colleague()], { priority: 'low' }));
  await service.settled();
  const secretary = await service.as({ roles: ['secretary'], sub: randomUUID() });
  const { body } = await secretary('GET', '/api/notifications?kind=alert');
  const line = body.items.find(({ occasionId }: { occasionId: string }) => occasionId === alertId);
  expect(line).toMatchObject({ occasion: 'alert', kind: 'alert', step: '0', audience: 'self', state: 'sent' });
  expect(line.patientId).toBeUndefined();
});
