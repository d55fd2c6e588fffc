import { describe, expect, it } from 'vitest';
import { readMailReport } from './mail-report.js';

const id = '0196f0a2-6a1c-7c11-9d55-3f1f6f0a2b11@cabinet-bernard.example';

/** A report as servers write them: a note for people, one for programs, and what was returned. */
const report = (type: string, parts: [type: string, lines: string[]][]): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@mail.patients.example',
      'To: bounces@cabinet-bernard.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      `Content-Type: multipart/report; report-type=${type}; boundary="next"`,
      '',
      ...parts.flatMap(([kind, lines]) => ['--next', `Content-Type: ${kind}`, '', ...lines, '']),
      '--next--',
      '',
    ].join('\r\n'),
  );

const note: [string, string[]] = ['text/plain; charset=us-ascii', ['I am sorry to have to inform you.']];
const returned: [string, string[]] = ['text/rfc822-headers', [`Message-ID: <${id}>`, 'Subject: Votre rendez-vous']];

const bounce = (fields: string[], perMessage: string[] = ['Reporting-MTA: dns; mail.patients.example']) =>
  report('delivery-status', [note, ['message/delivery-status', [...perMessage, '', ...fields]], returned]);

const failedRecipient = (status: string, said: string) => [
  'Final-Recipient: rfc822; alice@patients.example',
  'Action: failed',
  `Status: ${status}`,
  `Diagnostic-Code: smtp; ${said}`,
];

describe('a mail that came back', () => {
  it('is known by its Message-ID, with what was said and without whom', async () => {
    const raw = bounce(
      failedRecipient('5.1.1', '550 5.1.1 <alice@patients.example>:\r\n    Recipient address rejected'),
    );
    expect(await readMailReport(raw)).toEqual([
      {
        providerId: `smtp:${id}`,
        state: 'failed',
        class: 'permanent-address',
        text: '5.1.1 550 5.1.1 <address>: Recipient address rejected',
      },
    ]);
  });

  it('is known by the id of its envelope, where nothing of it was returned', async () => {
    const envelope = ['Reporting-MTA: dns; mail.patients.example', `Original-Envelope-Id: ${id.replace('@', '+40')}`];
    const raw = report('delivery-status', [
      note,
      ['message/delivery-status', [...envelope, '', ...failedRecipient('5.1.1', 'no such user')]],
    ]);
    expect(await readMailReport(raw)).toMatchObject([{ providerId: `smtp:${id}`, state: 'failed' }]);
  });

  it('is known when all of it was returned', async () => {
    const whole: [string, string[]] = [
      'message/rfc822',
      [`Message-ID:`, ` <${id}>`, 'Content-Type: text/plain', '', 'Bonjour'],
    ];
    const raw = report('delivery-status', [
      note,
      ['message/delivery-status', ['Reporting-MTA: dns; x', '', ...failedRecipient('5.1.1', 'x')]],
      whole,
    ]);
    expect(await readMailReport(raw)).toMatchObject([{ providerId: `smtp:${id}`, state: 'failed' }]);
  });

  it.each([
    ['5.1.1', 'permanent-address'],
    ['5.1.10', 'permanent-address'],
    ['5.2.1', 'permanent-address'],
    ['5.4.4', 'permanent-address'],
    ['5.0.0', 'permanent-address'],
    ['5.2.2', 'temporary'],
    ['4.4.7', 'temporary'],
    ['5.4.1', 'temporary'],
    ['5.3.4', 'permanent-content'],
    ['5.7.1', 'permanent-content'],
    ['none', 'temporary'],
  ])('with %s is %s', async (status, kind) => {
    expect(await readMailReport(bounce(failedRecipient(status, 'x')))).toMatchObject([{ class: kind }]);
  });

  it.each([
    ['delayed', 'delayed'],
    ['delivered', 'delivered'],
    ['relayed', 'sent'],
  ])('and one that was %s is told as %s, without a class', async (action, state) => {
    const raw = bounce(['Final-Recipient: rfc822; alice@patients.example', `Action: ${action}`, 'Status: 2.0.0']);
    expect(await readMailReport(raw)).toEqual([{ providerId: `smtp:${id}`, state }]);
  });

  it('is told for each that it was for', async () => {
    const raw = bounce([
      ...failedRecipient('5.1.1', 'x'),
      '',
      'Final-Recipient: rfc822; b@patients.example',
      'Action: delivered',
      'Status: 2.1.5',
    ]);
    expect((await readMailReport(raw)).map(({ state }) => state)).toEqual(['failed', 'delivered']);
  });
});

describe('a complaint', () => {
  const complaint = (kind: string) =>
    report('feedback-report', [
      note,
      [
        'message/feedback-report',
        [
          `Feedback-Type: ${kind}`,
          'User-Agent: SomeGenerator/1.0',
          'Version: 1',
          'Original-Rcpt-To: <alice@patients.example>',
        ],
      ],
      ['message/rfc822', [`Message-ID: <${id}>`, '', 'Bonjour']],
    ]);

  it('is known by the mail that it is about', async () => {
    expect(await readMailReport(complaint('abuse'))).toEqual([
      { providerId: `smtp:${id}`, state: 'complained', text: 'abuse' },
    ]);
  });

  it('is none, when somebody took a mail out of the spam', async () => {
    expect(await readMailReport(complaint('not-spam'))).toEqual([]);
  });
});

describe('any other mail', () => {
  it.each([
    [
      'an out-of-office note',
      Buffer.from('Subject: Absent\r\nAuto-Submitted: auto-replied\r\n\r\nJe suis en vacances'),
    ],
    [
      'a report of nothing of ours',
      report('delivery-status', [
        note,
        ['message/delivery-status', ['Reporting-MTA: dns; x', '', ...failedRecipient('5.1.1', 'x')]],
      ]),
    ],
    ['a report without a recipient', bounce([])],
    ['an action that nobody knows', bounce(['Action: teleported', 'Status: 5.1.1'])],
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from(Array.from({ length: 4_096 }, (_, nth) => (nth * 7_919) % 256))],
    [
      'parts in parts without end',
      Buffer.from('Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(5_000)),
    ],
    ['headers without end', Buffer.from(`X: ${'y'.repeat(500_000)}\r\n\r\n`)],
  ])('tells nothing: %s', async (_, raw) => {
    expect(await readMailReport(raw)).toEqual([]);
  });
});
