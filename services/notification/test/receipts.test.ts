import { afterEach, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { MailRelay } from '../../../tests/support/mail-relay.ts';
import { FakeOvhCloud, FakeTwilio, type TakenSms } from '../../../tests/support/sms-providers.ts';
import { channelSettings, type NotificationService, startService } from './support.ts';

let service: NotificationService;
const counterparts: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await service?.stop();
  for (const each of counterparts.splice(0)) await each.stop();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const receiptsSecret = 'the secret of the addresses of receipts in tests';

/** The service with its own channels to counterparts. */
async function start(environment: Record<string, string>): Promise<Caller> {
  const settings = channelSettings({ SMS_RECEIPTS_SECRET: receiptsSecret, ...environment });
  service = await startService({ settings, overrides: { channels: undefined } });
  return caller(service.base);
}

const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;

/** What is to be entered at a provider, as the admin finds it. */
async function addressOf(provider: string): Promise<string> {
  const admin = await service.as({ roles: ['admin'] });
  const { body } = await admin('GET', '/api/notifications/receipts/addresses');
  const { url } = body.items.find((each: { provider: string }) => each.provider === provider);
  return pathOf(url);
}

/** A visit of which somebody was reminded by SMS. */
async function reminded(taken: TakenSms[]) {
  const claire = service.patient();
  const { visit } = await service.visit(claire.id, '2026-12-08T08:30:00Z');
  await service.settled();
  await service.at('2026-12-07T09:00:00Z');
  const sms = taken.at(-1) as TakenSms;
  const state = async () => (await service.states(visit.id)).find((line) => line.includes(' sms '));
  return { claire, sms, state };
}

describe('receipts of Twilio', () => {
  const begin = async () => {
    const twilio = new FakeTwilio();
    await twilio.start();
    counterparts.push(twilio);
    const anybody = await start({
      ...{ SMS_PROVIDERS: 'twilio', TWILIO_URL: twilio.url, TWILIO_ACCOUNT_SID: twilio.accountSid },
      TWILIO_AUTH_TOKEN: twilio.authToken,
    });
    const { sms, state, claire } = await reminded(twilio.taken);
    const tell = (status: string, code = '', signature?: string) => {
      const receipt = twilio.receiptOf(sms, status, code);
      const headers = { ...form, 'x-twilio-signature': signature ?? receipt.signature };
      return anybody('POST', pathOf(receipt.url), receipt.form.toString(), headers);
    };
    return { twilio, anybody, sms, state, claire, tell };
  };

  it('say that an SMS arrived, once however often', async () => {
    const { tell, state, claire, sms } = await begin();
    expect(sms.callback).toMatch(/^https:\/\/cabinet\.example\/api\/notifications\/receipts\/twilio\?decision=/);
    expect(await state()).toBe('reminder P2D sms sent');
    for (const status of ['sent', 'delivered', 'delivered']) expect((await tell(status)).status).toBe(204);
    expect(await state()).toBe('reminder P2D sms delivered');
    await until(() => service.published.some(({ type }) => type === 'notification.delivered'));
    const told = service.published.filter(({ type }) => type === 'notification.delivered');
    expect(told.map(({ data }) => (data as { patientId: string }).patientId)).toEqual([claire.id]);
  });

  it('say why an SMS did not', async () => {
    const { tell, state } = await begin();
    expect((await tell('undelivered', '30005')).status).toBe(204);
    expect(await state()).toBe('reminder P2D sms failed');
    const { rows } = await service.sql.query(`select failure_class, failure_text from decision where state = 'failed'`);
    expect(rows).toEqual([{ failure_class: 'permanent-address', failure_text: 'twilio: undelivered 30005' }]);
  });

  it('are refused when they are signed by nobody, or by somebody else', async () => {
    const { tell, state, anybody } = await begin();
    for (const signature of ['', Buffer.from('somebody else').toString('base64')]) {
      const { status, body } = await tell('undelivered', '30005', signature);
      expect([status, body.code]).toEqual([403, 'NOTIFICATION.NOT_FROM_PROVIDER']);
    }
    const path = '/api/notifications/receipts/twilio';
    expect((await anybody('POST', path)).status).toBe(403);
    expect((await anybody('POST', path, { MessageStatus: 'delivered' })).status).toBe(415);
    expect(await state()).toBe('reminder P2D sms sent');
  });

  it('of what was never sent have no effect', async () => {
    const { twilio, sms, anybody, state } = await begin();
    const { url, form: fields, signature } = twilio.receiptOf({ ...sms, id: `SM${'0'.repeat(32)}` }, 'failed');
    const headers = { ...form, 'x-twilio-signature': signature };
    expect((await anybody('POST', pathOf(url), fields.toString(), headers)).status).toBe(204);
    expect(await state()).toBe('reminder P2D sms sent');
  });
});

describe('receipts of OVHcloud', () => {
  const begin = async () => {
    const ovh = new FakeOvhCloud();
    await ovh.start();
    counterparts.push(ovh);
    const anybody = await start({
      ...{ SMS_PROVIDERS: 'ovhcloud', OVH_URL: `${ovh.url}/1.0`, OVH_APPLICATION_KEY: ovh.applicationKey },
      ...{ OVH_APPLICATION_SECRET: ovh.applicationSecret, OVH_CONSUMER_KEY: ovh.consumerKey },
      OVH_SMS_SERVICE: ovh.service,
    });
    return { anybody, ...(await reminded(ovh.taken)) };
  };

  it.each(['GET', 'POST'])('are believed at the address that only it was given (%s)', async (method) => {
    const { anybody, sms, state } = await begin();
    const address = await addressOf('ovhcloud');
    const told = `id=${sms.id}&dlr=1&ptt=0`;
    const answer =
      method === 'GET' ? await anybody('GET', `${address}&${told}`) : await anybody('POST', address, told, form);
    expect(answer.status).toBe(204);
    expect(await state()).toBe('reminder P2D sms delivered');
  });

  it('are refused at any other', async () => {
    const { anybody, sms, state } = await begin();
    for (const key of ['', '&key=', `&key=${'A'.repeat(43)}`]) {
      const { status } = await anybody('GET', `/api/notifications/receipts/ovhcloud?id=${sms.id}&dlr=16${key}`);
      expect(status).toBe(403);
    }
    expect(await state()).toBe('reminder P2D sms sent');
  });

  it('show their address to admins alone', async () => {
    await start({});
    for (const role of ['patient', 'practitioner', 'secretary'] as const) {
      const somebody = await service.as({ roles: [role] });
      expect((await somebody('GET', '/api/notifications/receipts/addresses')).status).toBe(403);
    }
    expect(await addressOf('ovhcloud')).not.toContain(receiptsSecret);
  });
});

describe('what somebody writes back to an SMS', () => {
  const begin = async () => {
    const twilio = new FakeTwilio();
    await twilio.start();
    counterparts.push(twilio);
    const anybody = await start({
      ...{ SMS_PROVIDERS: 'twilio', TWILIO_URL: twilio.url, TWILIO_ACCOUNT_SID: twilio.accountSid },
      TWILIO_AUTH_TOKEN: twilio.authToken,
    });
    const { claire, sms } = await reminded(twilio.taken);
    const address = await addressOf('twilio');
    const write = (text: string, from = sms.to, signature?: string) => {
      const reply = twilio.replyTo(`https://cabinet.example${address}`, from, text);
      const headers = { ...form, 'x-twilio-signature': signature ?? reply.signature };
      return anybody('POST', address, reply.form.toString(), headers);
    };
    const unwanted = async (id = claire.id) => {
      const secretary = await service.as({ roles: ['secretary'] });
      return (await secretary('GET', `/api/notification-preferences/${id}`)).body.unwanted;
    };
    return { twilio, claire, sms, write, unwanted };
  };
  const everySms = ['appointments', 'reminders', 'messages'].map((topic) => ({ topic, channel: 'sms' }));

  it('ends all SMS by STOP, as unsubscribing does, and brings them back by START', async () => {
    const { twilio, claire, write, unwanted } = await begin();
    for (let times = 0; times < 2; times += 1) expect((await write('Stop')).status).toBe(204);
    expect(await unwanted()).toEqual(everySms);
    expect(await service.actionsOn(claire.id)).toContain('POST /api/notifications/receipts/twilio 204');

    const { visit } = await service.visit(claire.id, '2026-12-15T08:30:00Z');
    const before = twilio.taken.length;
    await service.at('2026-12-14T09:00:00Z');
    expect(await service.states(visit.id)).toContain('reminder P2D sms suppressed opted-out');
    expect(twilio.taken).toHaveLength(before);
    expect((await write('START')).status).toBe(204);
    expect(await unwanted()).toEqual([]);
  });

  it('holds for all who were written to at that number, and for nobody else', async () => {
    const { claire, write, unwanted } = await begin();
    const [daughter, other] = [service.patient({ phones: claire.phones }), service.patient()];
    for (const { id } of [daughter, other]) await service.visit(id, '2026-12-15T08:30:00Z');
    await service.at('2026-12-14T09:00:00Z');
    await service.settled();
    await write('STOP');
    expect(await unwanted(daughter.id)).toEqual(everySms);
    expect(await unwanted(other.id)).toEqual([]);
  });

  it('changes nothing by any other word, from any other number, or without a signature', async () => {
    const { write, unwanted } = await begin();
    expect((await write('Je serai en retard')).status).toBe(204);
    expect((await write('STOP', '+33699999999')).status).toBe(204);
    expect((await write('STOP', undefined, 'AAAA')).status).toBe(403);
    expect(await unwanted()).toEqual([]);
  });
});

describe('reports of mail servers', () => {
  const begin = async () => {
    const relay = new MailRelay();
    await relay.start();
    counterparts.push(relay);
    const anybody = await start({
      ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(relay.port), SMTP_SECURITY: 'none' },
      MAIL_FROM: 'Cabinet des Lilas <rendez-vous@lilas.example>',
    });
    const claire = service.patient();
    const { visit } = await service.visit(claire.id, '2026-12-08T08:30:00Z');
    const state = async () => (await service.states(visit.id))[0];
    expect(await state()).toBe('confirmation email sent');
    const { rows } = await service.sql.query(`select provider_id from decision where state = 'sent'`);
    const messageId = rows[0].provider_id.replace(/^smtp:/, '');
    const report = [
      ...['From: MAILER-DAEMON@mail.example', 'MIME-Version: 1.0'],
      ...['Content-Type: multipart/report; report-type=delivery-status; boundary="next"', ''],
      ...['--next', 'Content-Type: text/plain', '', 'I am sorry.', ''],
      ...['--next', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mail.example', ''],
      ...[`Final-Recipient: rfc822; ${claire.emails[0]}`, 'Action: failed', 'Status: 5.1.1'],
      ...[`Diagnostic-Code: smtp; 550 <${claire.emails[0]}> is nobody`, ''],
      ...['--next', 'Content-Type: text/rfc822-headers', '', `Message-ID: <${messageId}>`, ''],
      ...['--next--', ''],
    ].join('\r\n');
    return { anybody, relay, claire, state, report };
  };
  const type = { 'content-type': 'message/rfc822' };

  it('say that a mail came back, and nothing of whom', async () => {
    const { anybody, relay, claire, state, report } = await begin();
    expect(relay.mails[0]?.raw).toContain('Rendez-vous');
    expect((await anybody('POST', await addressOf('mail'), report, type)).status).toBe(204);
    expect(await state()).toBe('confirmation email failed');
    const { rows } = await service.sql.query(`select failure_class, failure_text from decision where state = 'failed'`);
    expect(rows).toEqual([{ failure_class: 'permanent-address', failure_text: '5.1.1 550 <address> is nobody' }]);
    expect(JSON.stringify(service.published)).not.toContain(claire.emails[0]);
  });

  it('are refused without the address that only who hands them on was given', async () => {
    const { anybody, state, report } = await begin();
    const ofAnother = (await addressOf('ovhcloud')).replace('ovhcloud', 'mail');
    for (const path of ['/api/notifications/receipts/mail', ofAnother]) {
      expect((await anybody('POST', path, report, type)).status).toBe(403);
    }
    expect(await state()).toBe('confirmation email sent');
  });

  it('that are none, or too large, have no effect', async () => {
    const { anybody, state, report } = await begin();
    const address = await addressOf('mail');
    expect((await anybody('POST', address, 'Subject: I am on holiday\r\n\r\nUntil Monday.', type)).status).toBe(204);
    expect((await anybody('POST', address, report.padEnd(9_000, ' '), type)).status).toBe(413);
    expect((await anybody('POST', address, report, form)).status).toBe(415);
    expect(await state()).toBe('confirmation email sent');
  });
});
