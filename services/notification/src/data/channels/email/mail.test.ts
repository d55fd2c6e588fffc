import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import ical from 'node-ical';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { calendarOf, messageOf } from '../../../../test/channels/messages.js';
import type { OutgoingMessage } from '../../../domain/channel.js';
import { type MailAddress, readMailAddress } from '../../../domain/channels/mail-address.js';
import { languages } from '../../../domain/templates/language.js';
import { samplesOf, templateNames, write } from '../../../domain/templates/template.js';
import { fileTemplate } from '../../../domain/templates/template-files.js';
import { composeMail, type Mail, type MailSender } from './mail.js';

const sender: MailSender = {
  name: 'Cabinet Bernard',
  address: readMailAddress('rendez-vous@cabinet-bernard.example') as MailAddress,
};
const now = new Date('2026-11-01T10:00:00Z');
const goldens = join(import.meta.dirname, '../../../../test/channels/golden');

async function compose(fields: Partial<OutgoingMessage> = {}): Promise<Mail> {
  const mail = await composeMail(messageOf(fields), sender, now);
  if ('state' in mail) throw new Error(mail.text);
  return mail;
}

const moved = { start: '2026-12-02T09:00:00Z', end: '2026-12-02T09:30:00Z' };
const unsubscribe = 'https://cabinet-bernard.example/unsubscribe/Zk3n9m2LqXc8';

const mails: Record<string, Partial<OutgoingMessage>> = {
  confirmed: { html: '<p>Bonjour,<br>à <b>9&nbsp;h</b>.</p>', calendar: calendarOf() },
  moved: {
    decisionId: '0196f0a2-6a1c-7c11-9d55-3f1f6f0a2b12',
    subject: 'Votre rendez-vous est déplacé',
    calendar: calendarOf({ ...moved, sequence: 1 }),
  },
  cancelled: {
    decisionId: '0196f0a2-6a1c-7c11-9d55-3f1f6f0a2b13',
    language: 'en',
    subject: 'Your appointment is cancelled',
    text: 'Good morning,\nyour appointment on 2 December is cancelled.\n',
    calendar: calendarOf({ ...moved, sequence: 2, method: 'CANCEL' }),
  },
  reminder: { decisionId: '0196f0a2-6a1c-7c11-9d55-3f1f6f0a2b14', html: '<p>Bonjour</p>', links: { unsubscribe } },
};

describe('golden mails', () => {
  it.each(Object.keys(mails))('%s is what it was', async (name) => {
    const { raw } = await compose(mails[name]);
    const text = raw.toString();
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    await expect(text.replaceAll('\r\n', '\n')).toMatchFileSnapshot(join(goldens, `${name}.eml`));
  });

  it.each(Object.keys(mails))('%s is read alike by two parsers', async (name) => {
    const message = messageOf(mails[name]);
    const { raw, messageId } = await compose(mails[name]);
    const [one, other] = await Promise.all([simpleParser(raw), PostalMime.parse(raw)]);
    expect(one.subject).toBe(message.subject);
    expect(other.subject).toBe(message.subject);
    expect(one.messageId).toBe(`<${messageId}>`);
    expect(other.messageId).toBe(`<${messageId}>`);
    expect(one.from?.value).toEqual([{ name: 'Cabinet Bernard', address: sender.address.wire }]);
    expect(other.from).toMatchObject({ name: 'Cabinet Bernard', address: sender.address.wire });
    expect(other.to).toMatchObject([{ address: message.to }]);
    expect([one.text?.trim(), other.text?.trim()]).toEqual([message.text.trim(), message.text.trim()]);
    if (message.html) expect([one.html, other.html?.trim()]).toEqual([message.html, message.html]);
    expect(one.headers.get('content-language')).toBe(message.language);
    expect(one.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it.each(['confirmed', 'moved', 'cancelled'])(
    '%s has its calendar as a part and as a file, with METHOD in both places',
    async (name) => {
      const { raw } = await compose(mails[name]);
      const { method, sequence } = mails[name]?.calendar ?? calendarOf();
      const [one, other] = await Promise.all([simpleParser(raw), PostalMime.parse(raw)]);
      const file = name === 'cancelled' ? 'cancel.ics' : 'invite.ics';
      expect(raw.toString()).toContain(`Content-Type: text/calendar; charset=utf-8; method=${method}`);
      expect(one.attachments.map(({ contentType, filename }) => [contentType, filename])).toContainEqual([
        'application/ics',
        file,
      ]);
      const calendars = other.attachments.filter(({ mimeType }) => /calendar|ics/.test(mimeType));
      expect(calendars.map(({ mimeType }) => mimeType)).toEqual(['text/calendar', 'application/ics']);
      expect(calendars[0]?.method).toBe(method);
      for (const { content } of calendars) {
        const text = Buffer.from(content as ArrayBuffer).toString();
        expect(text).toMatch(new RegExp(`^METHOD:${method}\\r?$`, 'm'));
        const [event] = Object.values(ical.sync.parseICS(text)).filter((each) => each?.type === 'VEVENT');
        expect(event).toMatchObject({ uid: calendarOf().uid, sequence });
      }
    },
  );
});

describe('each text that comes with the platform', () => {
  const texts = templateNames.flatMap((name) => languages.map((language) => [name, language] as const));

  it.each(texts)('leaves as a mail that two parsers read alike: %s in %s', async (name, language) => {
    const { subject, text, html } = write(fileTemplate(name, language), samplesOf(name, language));
    const { raw } = await compose({ language, subject, text, html });
    // RFC 5322, 2.1.1: no server cuts or refuses such lines.
    expect(
      Math.max(
        ...raw
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(998);
    expect(raw.every((byte) => byte < 128)).toBe(true);
    const [one, other] = await Promise.all([simpleParser(raw), PostalMime.parse(raw)]);
    expect([one.subject, other.subject]).toEqual([subject, subject]);
    expect([one.text, other.text].map((read) => read?.trim())).toEqual([text.trim(), text.trim()]);
    expect([one.html || '', other.html ?? ''].map((read) => read.trim())).toEqual([html.trim(), html.trim()]);
  });
});

describe('a mail', () => {
  it('is the same mail when it is sent again, by its Message-ID', async () => {
    const [first, again] = [await compose(), await compose({ attempt: 2 })];
    expect(again.messageId).toBe(first.messageId);
    expect(first.messageId).toBe(`${messageOf().decisionId}@cabinet-bernard.example`);
    expect(first.envelope).toMatchObject({
      from: sender.address.wire,
      to: [messageOf().to],
      dsn: { envid: first.messageId },
    });
  });

  it('can be unsubscribed from in one click only where it is said how', async () => {
    const reminder = await simpleParser((await compose(mails.reminder)).raw, {});
    const lines = reminder.headerLines.map(({ line }) => line);
    expect(lines).toContain(`List-Unsubscribe: <${unsubscribe}>`);
    expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect((await compose(mails.confirmed)).raw.toString()).not.toContain('List-Unsubscribe');
  });

  it('sends reports of what could not be delivered where the practice wants them', async () => {
    const bounces = readMailAddress('bounces@cabinet-bernard.example') as MailAddress;
    const mail = await composeMail(messageOf(), { ...sender, bounces }, now);
    expect(mail).toMatchObject({ envelope: { from: 'bounces@cabinet-bernard.example' } });
    expect((mail as Mail).raw.toString()).toContain('From: Cabinet Bernard <rendez-vous@cabinet-bernard.example>');
  });

  it.each([
    ['no address', { to: 'alice' }, 'permanent-address'],
    ['two addresses', { to: 'alice@patients.example,bob@patients.example' }, 'permanent-address'],
    ['a header in the address', { to: 'alice@patients.example\r\nBcc: x@y.example' }, 'permanent-address'],
    ['a header in the subject', { subject: 'Hello\r\nBcc: x@y.example' }, 'permanent-content'],
    ['a bare line end in the subject', { subject: 'Hello\nX-Spam: no' }, 'permanent-content'],
    ['no subject', { subject: undefined }, 'permanent-content'],
    ['a subject of a page', { subject: 'x'.repeat(256) }, 'permanent-content'],
    ['a header in the decision', { decisionId: 'a>\r\nBcc: x@y.example' }, 'permanent-content'],
    [
      'a header where one unsubscribes',
      { links: { unsubscribe: `${unsubscribe}>\r\nBcc: x@y.example` } },
      'permanent-content',
    ],
    ['a script where one unsubscribes', { links: { unsubscribe: 'javascript:alert(1)' } }, 'permanent-content'],
    [
      'a plain address where one unsubscribes',
      { links: { unsubscribe: 'http://cabinet-bernard.example/u' } },
      'permanent-content',
    ],
    ['a megabyte of text', { text: 'x'.repeat(1_000_000) }, 'permanent-content'],
    ['a calendar that is none', { calendar: calendarOf({ zone: 'Nowhere' }) }, 'permanent-content'],
  ])('is none with %s', async (_, fields, kind) => {
    expect(await composeMail(messageOf(fields), sender, now)).toMatchObject({ state: 'failed', class: kind });
  });

  it('says of a failure nothing of whom it was for', async () => {
    const outcome = await composeMail(messageOf({ to: 'alice durand@patients.example' }), sender, now);
    expect(JSON.stringify(outcome)).not.toContain('alice');
  });
});
