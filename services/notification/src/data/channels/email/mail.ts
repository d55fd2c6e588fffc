import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMessage } from '../../../domain/channel.js';
import { type MailAddress, readMailAddress } from '../../../domain/channels/mail-address.js';
import { type Failed, failed } from '../outcome.js';
import { calendarFile } from './calendar-file.js';

export interface MailSender {
  /** The practice, as the recipient's list of mails shows it. */
  name: string;
  address: MailAddress;
  /** Where servers send what could not be delivered; the sender's own address without it. */
  bounces?: MailAddress;
}

export interface Mail {
  /** Without its brackets. */
  messageId: string;
  envelope: { from: string; to: string[]; size: number; dsn: { ret: 'HDRS'; envid: string; notify: string } };
  /** As it goes over the wire. */
  raw: Buffer;
}

const subjectMax = 255;
/** Far above what a mail of a practice has; bigger ones are cut by clients (Gmail at 102 kB) or are a mistake of a template. */
const bodyBytesMax = 256 * 1024;

/**
 * A mail of a message: text and HTML, for a calendar its own part and file (RFC 6047), and the way to be rid of such mails in one click
 * (RFC 8058). The same decision is the same mail, by its Message-ID, whenever it is sent again.
 * @returns why it is none, where it is none
 */
export async function composeMail(message: OutgoingMessage, sender: MailSender, date: Date): Promise<Mail | Failed> {
  const to = readMailAddress(message.to);
  if ('fault' in to) return failed('permanent-address', `is no address: ${to.fault}`);
  const { decisionId, subject = '', text, html = '', links, calendar } = message;
  if (!/^[\w-]{1,64}$/.test(decisionId)) return failed('permanent-content', 'the decision has no id');
  // What would begin another header.
  if (subject === '' || subject.length > subjectMax || /\p{Cc}/u.test(subject)) {
    return failed('permanent-content', 'the subject is empty, too long or has line breaks');
  }
  if (Buffer.byteLength(text) + Buffer.byteLength(html) > bodyBytesMax) {
    return failed('permanent-content', `is larger than ${bodyBytesMax / 1024} kB`);
  }
  const unsubscribe = links?.unsubscribe;
  if (unsubscribe !== undefined && !isLink(unsubscribe)) {
    return failed('permanent-content', 'the address to unsubscribe at is none');
  }
  const invitation = calendar && calendarFile(calendar, date);
  if (invitation && 'problem' in invitation) return failed('permanent-content', `calendar: ${invitation.problem}`);

  const messageId = `${decisionId}@${sender.address.domain}`;
  const raw = await new MailComposer({
    from: { name: sender.name, address: sender.address.wire },
    to: { name: '', address: to.wire },
    subject,
    text,
    ...(html && { html }),
    messageId: `<${messageId}>`,
    date,
    headers: [
      { key: 'Content-Language', value: message.language },
      // Nobody's absence is answered to it (RFC 3834).
      { key: 'Auto-Submitted', value: 'auto-generated' },
      ...(unsubscribe ? unsubscribing(unsubscribe) : []),
    ],
    ...(calendar &&
      invitation && {
        icalEvent: {
          method: calendar.method,
          filename: calendar.method === 'CANCEL' ? 'cancel.ics' : 'invite.ics',
          content: invitation.file,
        },
      }),
    baseBoundary: createHash('sha256').update(decisionId).digest('hex').slice(0, 16),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  const from = (sender.bounces ?? sender.address).wire;
  const dsn = { ret: 'HDRS', envid: messageId, notify: 'FAILURE,DELAY' } as const;
  return { messageId, raw, envelope: { from, to: [to.wire], size: raw.length, dsn } };
}

/** Signed by the relay (DKIM), both of them; a long address stays on one line. */
const unsubscribing = (address: string) => [
  { key: 'List-Unsubscribe', value: { prepared: true, foldLines: false, value: `<${address}>` } },
  { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
];

const linkMax = 900;

function isLink(text: string): boolean {
  if (text.length > linkMax || /[\p{Cc}\s<>]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = ['localhost', '127.0.0.1'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}
