import { randomUUID } from 'node:crypto';
import { SettableClock } from '@cabinet/kit/clock';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../../tests/support/http.ts';
import { MailRelay, type RelayStep } from '../../../../tests/support/mail-relay.ts';
import { type MailServer, startMailServer } from '../../../../tests/support/mailpit.ts';
import type { MailSender } from '../../src/data/channels/email/mail.js';
import { SmtpChannel } from '../../src/data/channels/email/smtp-channel.js';
import { SmtpConnections, type SmtpServer } from '../../src/data/channels/email/smtp-connections.js';
import { readMailReport } from '../../src/data/channels/receipts/mail-report.js';
import type { OutgoingMessage } from '../../src/domain/channel.js';
import { type MailAddress, readMailAddress } from '../../src/domain/channels/mail-address.js';
import { calendarOf, messageOf } from './messages.js';

const sender: MailSender = {
  name: 'Cabinet Bernard',
  address: readMailAddress('rendez-vous@cabinet-bernard.example') as MailAddress,
};
const clock = new SettableClock(new Date('2026-11-01T10:00:00Z'));
const never = new AbortController().signal;
const opened: SmtpConnections[] = [];

function channelTo({ port }: { port: number }, settings: Partial<SmtpServer> = {}) {
  const usual = { host: '127.0.0.1', port, security: 'none', connectionsMax: 2, timeoutMs: 30_000 } as const;
  const connections = new SmtpConnections({ ...usual, ...settings });
  opened.push(connections);
  return new SmtpChannel(connections, sender, clock);
}

/** Another decision for each test, to somebody else. */
const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => {
  const decisionId = randomUUID();
  return messageOf({ decisionId, to: `${decisionId}@patients.example`, ...fields });
};

afterEach(() => {
  for (const connections of opened.splice(0)) connections.close();
});

describe('e-mail by a real mail server', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server?.stop());
  afterEach(() => server.trouble({}));

  it('arrives with text, HTML and one click to unsubscribe, as the practice wrote it', async () => {
    const unsubscribe = 'https://cabinet-bernard.example/unsubscribe/Zk3n9m2LqXc8';
    const html = '<p>Bonjour,<br>votre rendez-vous est <b>mardi</b> à 9 h.</p>';
    const reminder = message({ html, links: { unsubscribe } });
    expect(await channelTo(server).send(reminder, never)).toEqual({
      state: 'sent',
      providerId: `smtp:${reminder.decisionId}@cabinet-bernard.example`,
      parts: 1,
    });
    const [mail] = await server.mailsTo(reminder.to);
    expect(mail).toMatchObject({
      MessageID: `${reminder.decisionId}@cabinet-bernard.example`,
      Subject: reminder.subject,
      From: { Name: 'Cabinet Bernard', Address: 'rendez-vous@cabinet-bernard.example' },
      To: [{ Address: reminder.to }],
      ListUnsubscribe: { Links: [unsubscribe], HeaderPost: 'List-Unsubscribe=One-Click', Errors: '' },
    });
    expect(mail?.Text.replaceAll('\r\n', '\n').trim()).toBe(reminder.text.trim());
    expect(mail?.HTML.trim()).toBe(html);
    expect(await server.supportOfHtml(mail?.ID ?? '')).toBeGreaterThan(95);
  });

  it('brings a calendar that moves and ends what it brought before', async () => {
    const channel = channelTo(server);
    const to = `${randomUUID()}@patients.example`;
    const moved = { start: '2026-12-02T09:00:00Z', end: '2026-12-02T09:30:00Z', attendee: to };
    const parts = [
      calendarOf({ attendee: to }),
      calendarOf({ ...moved, sequence: 1 }),
      calendarOf({ ...moved, sequence: 2, method: 'CANCEL' }),
    ];
    for (const calendar of parts) {
      expect(await channel.send(message({ to, calendar }), never)).toMatchObject({ state: 'sent' });
    }
    const mails = (await server.mailsTo(to, 3)).reverse();
    const raws = await Promise.all(mails.map(({ ID }) => server.raw(ID)));
    const read = await Promise.all(raws.map((raw) => simpleParser(raw)));
    const files = read.map(
      ({ attachments }) => attachments.find(({ filename }) => filename?.endsWith('.ics'))?.content.toString() ?? '',
    );
    const line = (name: string) => files.map((file) => new RegExp(`^${name}[;:].*$`, 'm').exec(file)?.[0].trim());
    expect(line('METHOD')).toEqual(['METHOD:REQUEST', 'METHOD:REQUEST', 'METHOD:CANCEL']);
    expect(line('SEQUENCE')).toEqual(['SEQUENCE:0', 'SEQUENCE:1', 'SEQUENCE:2']);
    expect(new Set(line('UID')).size).toBe(1);
    expect(raws.map((raw) => /text\/calendar; charset=utf-8; method=(\w+)/.exec(raw)?.[1])).toEqual([
      'REQUEST',
      'REQUEST',
      'CANCEL',
    ]);
    expect(files[1]).toContain('\r\nDTSTART;TZID=Europe/Paris:20261202T100000\r\n');
  });

  it('sends many at once, each once, over a few connections', async () => {
    const channel = channelTo(server, { connectionsMax: 3, user: 'cabinet', password: 'any' });
    const to = `${randomUUID()}@patients.example`;
    const outcomes = await Promise.all(Array.from({ length: 250 }, () => channel.send(message({ to }), never)));
    expect(outcomes.filter(({ state }) => state === 'sent')).toHaveLength(250);
    await until(async () => (await server.countTo(to)) === 250);
  });

  it.each([
    ['Sender', 451, 'temporary'],
    ['Sender', 550, 'configuration'],
    ['Recipient', 451, 'temporary'],
    ['Recipient', 550, 'permanent-address'],
    ['Authentication', 535, 'configuration'],
  ] as const)('says of a refused %s (%i) that it is %s', async (where, ErrorCode, kind) => {
    await server.trouble({ [where]: { ErrorCode, Probability: 100 } });
    const channel = channelTo(server, { user: 'cabinet', password: 'any' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'failed', class: kind });
    await server.trouble({});
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
  });

  it('fails for now while the server is away, and goes on when it is back', async () => {
    const channel = channelTo(server);
    const later = message();
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
    await server.kill();
    expect(await channel.send(later, never)).toMatchObject({ state: 'failed', class: 'temporary', isUncertain: false });
    await server.start();
    expect(await channel.send({ ...later, attempt: 2 }, never)).toMatchObject({ state: 'sent' });
    expect(await server.mailsTo(later.to)).toHaveLength(1);
  });
});

describe('e-mail by a mail server with TLS', () => {
  it('is given only to one whose certificate is trusted, and names it', async () => {
    const server = await startMailServer({ isTls: true });
    try {
      const demanded = { host: 'localhost', security: 'starttls', user: 'cabinet', password: 'secret' } as const;
      const told = message();
      expect(await channelTo(server, demanded).send(told, never)).toMatchObject({
        state: 'failed',
        class: 'configuration',
        text: expect.stringContaining('certificate'),
      });
      const ca = await server.certificate();
      expect(await channelTo(server, { ...demanded, tls: { ca } }).send(told, never)).toMatchObject({ state: 'sent' });
      expect(await channelTo(server, { ...demanded, host: '127.0.0.1', tls: { ca } }).send(told, never)).toMatchObject({
        class: 'configuration',
      });
    } finally {
      await server.stop();
    }
  });
});

describe('e-mail by a relay on its bad days', () => {
  let relay: MailRelay;
  beforeEach(async () => {
    relay = new MailRelay();
    await relay.start();
  });
  afterEach(() => relay.stop());

  it.each([
    ['greeting', '421 4.3.2 Service not available', 'rate-limited'],
    ['greeting', '554 5.7.1 Your address is blocked', 'configuration'],
    ['EHLO', '421 4.4.2 Timeout', 'temporary'],
    ['MAIL', '421 4.7.28 Our system has detected an unusual rate of mail', 'rate-limited'],
    ['MAIL', '452 4.3.1 Insufficient system storage', 'temporary'],
    ['MAIL', '530 5.7.0 Authentication required', 'configuration'],
    ['MAIL', '553 5.7.1 Sender address rejected: not owned by user', 'configuration'],
    ['MAIL', '552 5.3.4 Message size exceeds fixed limit', 'permanent-content'],
    ['RCPT', '450 4.2.0 Greylisted, try again in 300 seconds', 'temporary'],
    ['RCPT', '451 4.7.1 too many messages, slow down', 'rate-limited'],
    ['RCPT', '550 5.1.1 User unknown', 'permanent-address'],
    ['RCPT', '550 No such user', 'permanent-address'],
    ['RCPT', '553 5.1.3 Bad recipient address syntax', 'permanent-address'],
    ['RCPT', '552 5.2.2 Mailbox full', 'temporary'],
    ['RCPT', '554 5.7.1 Relay access denied', 'configuration'],
    ['DATA', '451 4.3.0 Try again', 'temporary'],
    ['message', '451 4.3.0 queue file write error', 'temporary'],
    ['message', '550 5.1.1 User unknown, as we see now', 'permanent-address'],
    ['message', '552 5.3.4 Message too big', 'permanent-content'],
    ['message', '554 5.7.1 Message rejected as spam', 'permanent-content'],
  ] as const)('takes at %s “%s” for %s', async (step, reply, kind) => {
    relay.trouble[step] = [reply];
    const outcome = await channelTo(relay).send(message(), never);
    expect(outcome).toMatchObject({ state: 'failed', class: kind });
    expect(outcome).not.toMatchObject({ isUncertain: true });
    expect(relay.mails).toEqual([]);
  });

  it('keeps of what a server says nothing of whom it was for', async () => {
    relay.trouble.RCPT = ['550 5.1.1 <alice@patients.example>: Recipient address rejected'];
    const outcome = await channelTo(relay).send(message({ to: 'alice@patients.example' }), never);
    expect(outcome).toMatchObject({ text: 'the mail server said 550 5.1.1 <address>: Recipient address rejected' });
  });

  it.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
    'fails for now when it goes silent or cuts at %s, before a mail was given',
    async (step: RelayStep) => {
      for (const trouble of ['silent', 'cut'] as const) {
        relay.trouble[step] = [trouble];
        const outcome = await channelTo(relay, { timeoutMs: 300 }).send(message(), never);
        expect(outcome).toMatchObject({ state: 'failed', class: 'temporary', isUncertain: false });
      }
      expect(relay.mails).toEqual([]);
    },
  );

  it.each(['silent', 'cut'] as const)(
    'says that a mail may have been taken when it is %s after its end, and sends the same mail again',
    async (trouble) => {
      relay.trouble.message = [trouble];
      const channel = channelTo(relay, { timeoutMs: 500 });
      const reminder = message();
      expect(await channel.send(reminder, never)).toMatchObject({
        state: 'failed',
        class: 'temporary',
        isUncertain: true,
        text: expect.stringContaining('may have been taken'),
      });
      expect(await channel.send({ ...reminder, attempt: 2 }, never)).toMatchObject({ state: 'sent' });
      const ids = await Promise.all(relay.mails.map(async ({ raw }) => (await simpleParser(raw)).messageId));
      expect(ids).toEqual(Array(2).fill(`<${reminder.decisionId}@cabinet-bernard.example>`));
    },
  );

  it('says no more than that it was taken, and knows the report of a mail that never arrived', async () => {
    const reminder = message();
    const outcome = await channelTo(relay).send(reminder, never);
    expect(outcome).toMatchObject({ state: 'sent' });
    const [mail] = relay.mails;
    const envelopeId = /ENVID=(\S+)/.exec(mail?.from ?? '')?.[1];
    expect(mail?.from).toContain('RET=HDRS');
    expect(mail?.to).toContain('NOTIFY=FAILURE,DELAY');
    const report = [
      'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
      '',
      '--x',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; relay.example',
      `Original-Envelope-Id: ${envelopeId}`,
      '',
      `Final-Recipient: rfc822; ${reminder.to}`,
      'Action: failed',
      'Status: 5.1.1',
      '--x--',
      '',
    ].join('\r\n');
    expect(await readMailReport(Buffer.from(report))).toMatchObject([
      { providerId: (outcome as { providerId: string }).providerId, state: 'failed', class: 'permanent-address' },
    ]);
  });

  it('uses a connection again, and another one when the relay had ended it', async () => {
    const channel = channelTo(relay);
    for (let nth = 0; nth < 3; nth++) expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
    expect(relay.connections).toBe(1);
    relay.endIdle();
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
    expect(relay.connections).toBe(2);
    expect(relay.mails).toHaveLength(4);
  });

  it('lets one recipient who is refused hold up nobody', async () => {
    relay.refused.set('nobody', '550 5.1.1 User unknown');
    const channel = channelTo(relay);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, nth) =>
        channel.send(message(nth % 10 === 0 ? { to: 'nobody@patients.example' } : {}), never),
      ),
    );
    expect(outcomes.filter(({ state }) => state === 'sent')).toHaveLength(36);
    expect(relay.mails).toHaveLength(36);
  });

  it('is not waited for any longer than it is wanted, and leaves nothing to be sent behind', async () => {
    relay.trouble.MAIL = ['silent'];
    const channel = channelTo(relay, { connectionsMax: 1 });
    const stop = new AbortController();
    const [stuck, waiting] = [channel.send(message(), stop.signal), channel.send(message(), stop.signal)];
    await until(() => relay.trouble.MAIL?.length === 0);
    stop.abort();
    for (const outcome of await Promise.all([stuck, waiting])) {
      expect(outcome).toMatchObject({ state: 'failed', class: 'temporary', isUncertain: false });
    }
    expect(await channel.send(message(), stop.signal)).toMatchObject({ state: 'failed', class: 'temporary' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
    expect(relay.mails).toHaveLength(1);
  });

  it('never gives a password or a mail to one without TLS, where that is demanded', async () => {
    const channel = channelTo(relay, { security: 'starttls', user: 'cabinet', password: 'secret' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'failed', class: 'configuration' });
    expect(relay.mails).toEqual([]);
  });

  it('says that a login is wrong', async () => {
    relay.trouble.AUTH = ['535 5.7.8 Authentication credentials invalid'];
    const channel = channelTo(relay, { user: 'cabinet', password: 'wrong' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'failed', class: 'configuration' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
  });

  it('asks for SMTPUTF8 for an address that needs it, and gives a domain in ASCII', async () => {
    const channel = channelTo(relay);
    expect(await channel.send(message({ to: 'éloïse@hôpital.example' }), never)).toMatchObject({ state: 'sent' });
    expect(await channel.send(message({ to: 'eloise@hôpital.example' }), never)).toMatchObject({ state: 'sent' });
    expect(relay.mails.map(({ from }) => from.includes('SMTPUTF8'))).toEqual([true, false]);
    expect(relay.mails[1]?.to).toContain('<eloise@xn--hpital-ixa.example>');
    relay.extensions = relay.extensions.filter((each) => each !== 'SMTPUTF8');
    relay.trouble.RCPT = ['553 5.6.7 Non-ASCII addresses not permitted'];
    expect(await channelTo(relay).send(message({ to: 'éloïse@patients.example' }), never)).toMatchObject({
      state: 'failed',
      class: 'permanent-address',
    });
  });

  it('gives no mail that is larger than the relay takes', async () => {
    relay.extensions = ['SIZE 500'];
    expect(await channelTo(relay).send(message(), never)).toMatchObject({
      state: 'failed',
      class: 'permanent-content',
    });
    expect(relay.mails).toEqual([]);
  });
});
