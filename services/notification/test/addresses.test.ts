import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { AddressDigests } from '../src/data/address-digests.js';
import type { SendOutcome } from '../src/domain/channel.js';
import { channelSettings, type NotificationService, RecordingChannel, startService } from './support.ts';

let service: NotificationService;
afterEach(() => service?.stop());

const receiptsSecret = 'the secret of the addresses of receipts in tests';
const path = '/api/unreachable-addresses';

/** Somebody who has a visit, and what became of its confirmation. */
async function booked(patient = service.patient()) {
  const { visit } = await service.visit(patient.id, '2026-12-08T08:30:00Z');
  return { patient, visit, states: () => service.states(visit.id) };
}

const refusing = (address: string) => (message: { to: string }) =>
  message.to === address
    ? ({ state: 'failed', class: 'permanent-address', text: '550 5.1.1 <address> is nobody' } satisfies SendOutcome)
    : undefined;

const marks = async (query = '') => {
  const secretary = await service.as({ roles: ['secretary'] });
  return (await secretary('GET', `${path}${query}`)).body.items;
};

describe('an address that is refused for good', () => {
  it('is written to no more, and the secretary finds whose it is, without the address', async () => {
    service = await startService();
    const claire = service.patient();
    const address = claire.emails[0] as string;
    service.email.answer = refusing(address);
    expect(await (await booked(claire)).states()).toContain('confirmation email failed');

    const [mark, ...others] = await marks(`?patientId=${claire.id}`);
    expect(others).toEqual([]);
    expect(mark).toMatchObject({
      ...{ patientId: claire.id, channel: 'email', why: 'refused', text: '550 5.1.1 <address> is nobody' },
      since: '2026-11-20T10:00:00.000Z',
    });
    expect(JSON.stringify(mark)).not.toContain(address);
    expect(JSON.stringify((await service.sql.query('select * from unreachable_address')).rows)).not.toContain(address);

    const before = service.email.tried.length;
    expect(await (await booked(claire)).states()).toContain('confirmation email suppressed unreachable');
    expect(service.email.tried).toHaveLength(before);
  });

  it('leaves another address of theirs, and other people, as they are', async () => {
    service = await startService();
    const claire = service.patient({ emails: ['old@example.org', 'new@example.org'] });
    service.email.answer = refusing('old@example.org');
    await (await booked(claire)).states();
    expect(await (await booked(claire)).states()).toContain('confirmation email sent');
    expect(service.email.sent.map(({ to }) => to)).toEqual(['new@example.org']);
    service.email.answer = () => undefined;
    const other = service.patient({ emails: ['old@example.org'] });
    expect(await (await booked(other)).states()).toContain('confirmation email sent');
  });

  it('is written to again once the secretary says that it works, and only once', async () => {
    service = await startService();
    const claire = service.patient();
    service.email.answer = refusing(claire.emails[0] as string);
    await (await booked(claire)).states();
    service.email.answer = () => undefined;
    const [{ id }] = await marks();
    const secretary = await service.as({ roles: ['secretary'] });
    expect((await secretary('DELETE', `${path}/${id}`)).status).toBe(204);
    expect(await marks()).toEqual([]);
    expect(await (await booked(claire)).states()).toContain('confirmation email sent');
    const { status, body } = await secretary('DELETE', `${path}/${id}`);
    expect([status, body.code]).toEqual([404, 'NOTIFICATION.MARK_NOT_FOUND']);
    expect(await service.actionsOn(claire.id)).toContain('DELETE /api/unreachable-addresses/:id 204');
  });

  it('is known again under a new secret, as long as there is the old one', async () => {
    service = await startService({ settings: { NOTIFICATION_SECRET: ['x'.repeat(40), 'the secret of before'] } });
    const claire = service.patient();
    const { visit } = await booked(claire);
    await service.settled();
    const [line] = await service.ledger(visit.id);
    const [digest] = new AddressDigests(['the secret of before']).of(claire.emails[0] as string);
    await service.sql.query(
      `insert into unreachable_address values ($1, $2, 'email', $3, 'refused', '550', now(), $4)`,
      [randomUUID(), claire.id, digest, line?.id],
    );
    expect(await (await booked(claire)).states()).toContain('confirmation email suppressed unreachable');
  });

  it('is in what is given to the patient, goes with them when they are merged, and ends when they are erased', async () => {
    service = await startService();
    const [claire, double] = [service.patient(), service.patient()];
    const addresses = [claire.emails[0], double.emails[0]];
    service.email.answer = (message) => (addresses.includes(message.to) ? refusing(message.to)(message) : undefined);
    await (await booked(claire)).states();
    await (await booked(double)).states();
    const hear = (type: string, data: object) =>
      service.hear('patient', { id: randomUUID(), type, source: 'patient', data });
    await hear('patient.merged', { patientId: double.id, version: 3, mergedIntoPatientId: claire.id });
    expect((await marks(`?patientId=${double.id}`)).map(({ patientId }: { patientId: string }) => patientId)).toEqual([
      claire.id,
      claire.id,
    ]);
    const self = await service.as({ roles: ['patient'], patientId: claire.id, sub: randomUUID() });
    const { body: given } = await self('GET', `/system/patient-data/${claire.id}`);
    expect(given.sections.unreachableAddresses).toHaveLength(2);
    expect(JSON.stringify(given.sections.unreachableAddresses)).not.toContain('@example.org');
    await hear('patient.erased', { patientId: claire.id, version: 4 });
    expect(await marks()).toEqual([]);
    expect((await service.sql.query('select * from sent_to')).rows).toEqual([]);
  });

  it('is listed page by page, the newest first', async () => {
    service = await startService();
    service.email.answer = (message) => refusing(message.to)(message);
    const people = [service.patient(), service.patient(), service.patient()];
    for (const [nth, each] of people.entries()) {
      await service.at(`2026-11-20T1${nth}:00:00Z`);
      await (await booked(each)).states();
    }
    const secretary = await service.as({ roles: ['secretary'] });
    const first = (await secretary('GET', `${path}?limit=2`)).body;
    const second = (await secretary('GET', `${path}?limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map(({ patientId }: { patientId: string }) => patientId);
    expect(ids).toEqual(people.map(({ id }) => id).reverse());
    expect(second.nextCursor).toBeUndefined();
    expect((await secretary('GET', `${path}?cursor=x`)).status).toBe(422);
  });
});

describe('what mail servers report later', () => {
  const report = (fields: string[], type: string, provider: string) =>
    [
      ...['From: MAILER-DAEMON@mail.example', 'MIME-Version: 1.0'],
      ...[`Content-Type: multipart/report; report-type=${type}; boundary="next"`, ''],
      ...['--next', 'Content-Type: text/plain', '', 'A note.', ''],
      ...['--next', `Content-Type: message/${type}`, '', ...fields, ''],
      ...['--next', 'Content-Type: text/rfc822-headers', '', `Message-ID: <${provider}>`, '', '--next--', ''],
    ].join('\r\n');
  const bounce = (status: string, id: string) =>
    report(
      ['Reporting-MTA: dns; x', '', 'Final-Recipient: rfc822; x@x.example', 'Action: failed', `Status: ${status}`],
      'delivery-status',
      id,
    );
  const complaint = (id: string) =>
    report(['Feedback-Type: abuse', 'User-Agent: x/1.0', 'Version: 1'], 'feedback-report', id);

  /** The service with a relay that takes all, and who hands reports on. */
  const begin = async () => {
    const relay = new RecordingChannel('email', 'smtp');
    relay.answer = ({ decisionId }) => ({ state: 'sent', providerId: `smtp:${decisionId}@x.example` });
    const settings = channelSettings({ SMS_RECEIPTS_SECRET: receiptsSecret });
    service = await startService({ settings, overrides: { channels: [relay] } });
    const admin = await service.as({ roles: ['admin'] });
    const { body } = await admin('GET', '/api/notifications/receipts/addresses');
    const url = new URL(body.items.find(({ provider }: { provider: string }) => provider === 'mail').url);
    const tell = (raw: string) =>
      caller(service.base)('POST', url.pathname + url.search, raw, { 'content-type': 'message/rfc822' });
    const { patient, visit, states } = await booked();
    await states();
    const [line] = await service.ledger(visit.id);
    return { claire: patient, states, tell, id: `${line?.id}@x.example` };
  };

  it('marks the address of a mail that came back for good, once however often', async () => {
    const { claire, tell, id, states } = await begin();
    for (let times = 0; times < 2; times += 1) expect((await tell(bounce('5.1.1', id))).status).toBe(204);
    expect(await states()).toContain('confirmation email failed');
    expect(await marks()).toMatchObject([{ patientId: claire.id, why: 'refused' }]);
    expect(await (await booked(claire)).states()).toContain('confirmation email suppressed unreachable');
  });

  it.each(['5.2.2', '4.4.7', '5.7.1'])('marks nothing for %s, which says nothing of the address', async (status) => {
    const { tell, id } = await begin();
    expect((await tell(bounce(status, id))).status).toBe(204);
    expect(await marks()).toEqual([]);
  });

  it('marks the address of who calls a mail unwanted: they had it, and have none but about their access', async () => {
    const { claire, tell, id, states } = await begin();
    expect((await tell(complaint(id))).status).toBe(204);
    expect(await states()).toContain('confirmation email delivered');
    expect(await marks()).toMatchObject([{ patientId: claire.id, why: 'complained', text: 'abuse' }]);
    expect(await (await booked(claire)).states()).toContain('confirmation email suppressed unreachable');
  });

  it('marks it anew when it is refused for good after that, and not the other way round', async () => {
    const { claire, tell, id } = await begin();
    await tell(complaint(id));
    // A mail about somebody's access still leaves, and comes back.
    const accessId = randomUUID();
    const data = {
      ...{ patientId: claire.id, version: 1, accessId, practitionerId: randomUUID() },
      reasonCode: 'urgent-symptoms',
    };
    await service.hear('record', { id: randomUUID(), type: 'record.emergency-access-opened', source: 'record', data });
    expect(await service.states(accessId)).toEqual(['emergency-access email sent']);
    const [line] = await service.ledger(accessId);
    await tell(bounce('5.1.1', `${line?.id}@x.example`));
    expect(await marks()).toMatchObject([{ why: 'refused', notificationId: line?.id }]);
    await tell(complaint(id));
    expect(await marks()).toMatchObject([{ why: 'refused' }]);
  });

  it('marks nothing for what was never sent', async () => {
    const { tell } = await begin();
    const unknown = `${randomUUID()}@x.example`;
    for (const raw of [bounce('5.1.1', unknown), complaint(unknown)]) expect((await tell(raw)).status).toBe(204);
    expect(await marks()).toEqual([]);
  });
});

describe('a guest list', () => {
  it('lets messages go to those on it alone, and the ledger says why', async () => {
    service = await startService({ settings: { MESSAGE_GUESTS: ['@invited.example'] } });
    const [alice, bob] = [
      service.patient({ emails: ['alice@invited.example'] }),
      service.patient({ emails: ['bob@example.org'] }),
    ];
    expect(await (await booked(alice)).states()).toContain('confirmation email sent');
    expect(await (await booked(bob)).states()).toContain('confirmation email suppressed not-a-guest');
    expect(service.email.tried.map(({ to }) => to)).toEqual(['alice@invited.example']);
  });

  it('holds for codes as well', async () => {
    service = await startService({ settings: { MESSAGE_GUESTS: ['alice@invited.example'] } });
    const id = randomUUID();
    service.neighbours.codes.set(id, {
      ...{ email: 'bob@example.org', purpose: 'reset', code: '7K3F-9QXM-2BTR' },
      expiresAt: new Date('2026-11-20T10:30:00Z'),
    });
    const data = { codeId: id, purpose: 'reset' };
    await service.hear('auth', { id: randomUUID(), type: 'code.made', source: 'auth', data });
    expect(await service.states(id)).toEqual(['password-reset email suppressed not-a-guest']);
  });
});
