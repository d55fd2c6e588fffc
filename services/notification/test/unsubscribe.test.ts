import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { type NotificationService, startService } from './support.ts';

let service: NotificationService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const oneClick = 'List-Unsubscribe=One-Click';

/** A patient who was reminded of a visit by mail, with the link of that mail. */
async function reminded() {
  service.clock.set(new Date('2026-11-20T10:00:00Z'));
  const claire = service.patient();
  const { visit } = await service.visit(claire.id, '2026-12-08T08:30:00Z');
  await service.settled();
  await service.at('2026-12-01T09:00:00Z');
  const [confirmation, reminder] = service.email.to(claire.emails[0] as string);
  const link = reminder?.links?.unsubscribe ?? '';
  const anybody = caller(service.base);
  const secretary = await service.as({ roles: ['secretary'] });
  const preferences = async () => (await secretary('GET', `/api/notification-preferences/${claire.id}`)).body;
  return { claire, visit, confirmation, link, path: new URL(link).pathname, anybody, preferences };
}

describe('the link in a mail', () => {
  it('stands in reminders, and not in what one has asked for', async () => {
    const { claire, confirmation, link } = await reminded();
    expect(link).toMatch(/^https:\/\/cabinet\.example\/api\/notifications\/unsubscribe\/[\w-]+$/);
    expect(link).not.toContain(claire.id);
    expect(confirmation?.subject).toContain('confirmé');
    expect(confirmation?.links).toBeUndefined();
  });

  it('shows a page in the language of its reader to who follows it, and changes nothing', async () => {
    const { path, anybody, preferences } = await reminded();
    for (let times = 0; times < 3; times += 1) {
      const { status, headers, body } = await anybody('GET', path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).toContain('<html lang="fr">');
      expect(body).toContain('<form method="post">');
      expect(headers.get('content-security-policy')).toContain("form-action 'self'");
    }
    expect(await preferences()).toMatchObject({ version: 0, unwanted: [] });
  });

  it('unsubscribes from one topic by one channel at one click, once', async () => {
    const { claire, visit, path, anybody, preferences } = await reminded();
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await anybody('POST', path, oneClick, form);
      expect([status, body.includes('C’est fait')]).toEqual([200, true]);
    }
    expect(await preferences()).toMatchObject({ version: 1, unwanted: [{ topic: 'reminders', channel: 'email' }] });
    await service.at('2026-12-07T09:00:00Z');
    expect((await service.states(visit.id)).slice(1)).toEqual([
      'reminder P7D email sent',
      'reminder P2D sms sent',
      'reminder P1D email suppressed opted-out',
    ]);
    expect(await service.actionsOn(claire.id)).toContain('POST /api/notifications/unsubscribe/:token 200');
  });

  it('adds to what somebody did not want before', async () => {
    const { claire, path, anybody, preferences } = await reminded();
    const self = await service.as({ roles: ['patient'], patientId: claire.id, sub: randomUUID() });
    const wanted = { language: 'en', unwanted: [{ topic: 'messages', channel: 'sms' }] };
    await self('PUT', `/api/notification-preferences/${claire.id}`, wanted, { 'if-match': '"v0"' });
    expect((await anybody('POST', path, oneClick, form)).body).toContain('<html lang="en">');
    expect(await preferences()).toMatchObject({
      language: 'en',
      unwanted: [...wanted.unwanted, { topic: 'reminders', channel: 'email' }],
    });
  });

  it('takes the click in parts as well, as some mail clients send it', async () => {
    const { path, anybody, preferences } = await reminded();
    const parts = [
      '--next',
      'Content-Disposition: form-data; name="List-Unsubscribe"',
      '',
      'One-Click',
      '--next--',
      '',
    ];
    const type = { 'content-type': 'multipart/form-data; boundary=next' };
    expect((await anybody('POST', path, parts.join('\r\n'), type)).status).toBe(200);
    expect((await preferences()).unwanted).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined, {}, 422],
    ['another word', 'List-Unsubscribe=Perhaps', form, 422],
    ['JSON', '{"List-Unsubscribe":"One-Click"}', { 'content-type': 'application/json' }, 415],
    ['more than anybody has to say', oneClick.padEnd(9_000, ' '), form, 413],
  ] as const)('does nothing for who posts %s', async (_, body, headers, status) => {
    const { path, anybody, preferences } = await reminded();
    expect((await anybody('POST', path, body, headers)).status).toBe(status);
    expect(await preferences()).toMatchObject({ version: 0 });
  });

  it('leads nowhere when it was changed, or sealed by nobody', async () => {
    const { path, anybody } = await reminded();
    const [token = ''] = path.split('/').slice(-1);
    const other = token.startsWith('A') ? 'B' : 'A';
    for (const changed of [path.replace(token, other + token.slice(1)), '/api/notifications/unsubscribe/x']) {
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? oneClick : undefined;
        const answer = await anybody(method, changed, body, body ? form : {});
        expect([answer.status, answer.body.code]).toEqual([404, 'NOTIFICATION.LINK_UNKNOWN']);
      }
    }
  });

  it('does nothing, and says so to nobody, for one who was erased', async () => {
    const { claire, path, anybody } = await reminded();
    const data = { patientId: claire.id, version: 3 };
    await service.hear('patient', { id: randomUUID(), type: 'patient.erased', source: 'patient', data });
    expect((await anybody('POST', path, oneClick, form)).status).toBe(200);
    const { rows } = await service.sql.query('select from preference where patient_id = $1', [claire.id]);
    expect(rows).toEqual([]);
  });
});
