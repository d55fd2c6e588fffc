import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, type Visit } from '../../portal/browser/visit.ts';
import { type Caller, until } from '../support/http.ts';
import { type KeptMail, type Mails, mailsAt } from '../support/mailpit.ts';
import { platform } from '../support/platform.ts';
import { useChromium } from '../support/portal.ts';
import { addPractitioner, freeSlots, newLogin, registerPatient, signedInAs } from '../support/practice.ts';

const open = useChromium();
const policyPath = '/api/notification-policies/current';

let admin: Caller;
let secretary: Caller;
let mails: Mails;
let policyBefore: object;

/** Sets what differs from the policy in force. @returns that one */
async function setPolicy(change: object): Promise<object> {
  const { policy, version } = (await admin('GET', policyPath)).body;
  const set = await admin('PUT', policyPath, { ...policy, ...change }, { 'if-match': `"v${version}"` });
  expect(set.status).toBe(200);
  return policy;
}

beforeAll(async () => {
  [admin, secretary] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  mails = mailsAt(platform().mailUrl as string);
  // A move is told at once: nobody waits here for what may be undone.
  policyBefore = await setPolicy({
    confirmation: { channels: ['email'] },
    change: { channels: ['email'], quietMinutes: 0 },
    reminders: [{ channel: 'email', daysBefore: 1, at: '10:00' }],
  });
});
afterAll(() => policyBefore && setPolicy(policyBefore));

/** Somebody with an address of their own, and somebody who receives every day. */
async function newPatient() {
  const email = `${randomUUID()}@home.example`;
  const { id: patientId } = await registerPatient(secretary, { telecom: [{ system: 'email', value: email }] });
  const login = await newLogin(admin, { roles: ['patient'], patientId });
  return { email, patientId, login, receiving: await addPractitioner(admin) };
}

/** Chooses the last of the times that are shown but so many: far enough ahead for a reminder to be still to come. */
async function chooseLateTime({ page }: Visit, but: number): Promise<void> {
  const times = page.getByRole('button', { name: /minutes, with / });
  await times.first().waitFor();
  await times.nth((await times.count()) - 1 - but).click();
}

async function book(visitor: Visit, { patientId, receiving }: Awaited<ReturnType<typeof newPatient>>) {
  const { practitionerId, appointmentTypeId } = receiving;
  await visitor.page.goto(`/patients/${patientId}/book/${practitionerId}?type=${appointmentTypeId}`);
  await chooseLateTime(visitor, 0);
  await visitor.page.getByRole('button', { name: 'Book this appointment' }).click();
  await visitor.page.getByText('It is booked').waitFor();
}

async function signedIn({ login }: { login: { email: string; password: string } }): Promise<Visit> {
  const visitor = await open({ screen: 'phone' });
  await signIn(visitor.page, login.email, login.password);
  await visitor.page.waitForURL(/\/patients\/[\w-]+\/appointments$/);
  return visitor;
}

const visitOf = async (patientId: string) => {
  const { items } = (await secretary('GET', `/api/appointments?patientId=${patientId}`)).body;
  expect(items).toHaveLength(1);
  const [{ id, start, status, version }] = items;
  return { ...{ id, status, version }, start: new Date(start).toISOString() };
};

const linksIn = ({ Text, HTML, ListUnsubscribe }: KeptMail): string[] => [
  ...new Set([
    ...[Text, HTML].flatMap((part) => part.match(/https?:\/\/[^\s"<>]+/g) ?? []),
    ...(ListUnsubscribe.Links ?? []),
  ]),
];

/** What a calendar makes of the file of a mail. */
async function calendarIn(mail: KeptMail) {
  const lines = (await mails.file(mail, 'invite.ics')).replaceAll(/\r\n[ \t]/g, '').split('\r\n');
  const event = lines.slice(lines.indexOf('BEGIN:VEVENT'));
  const propertyOf = (name: string, among = event) => {
    const line = among.find((each) => each.split(/[;:]/)[0] === name) ?? '';
    return line.slice(line.indexOf(':') + 1);
  };
  return {
    ...{ method: propertyOf('METHOD', lines), uid: propertyOf('UID'), sequence: Number(propertyOf('SEQUENCE')) },
    start: propertyOf('DTSTART'),
  };
}

/** As a calendar in Paris writes it. */
const inParis = (instant: string): string =>
  new Date(instant).toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).replaceAll(/[-:]/g, '').replace(' ', 'T');

/** The reminders of a visit: for when, what became of each, and why. The page of the ledger has the same lines. */
async function remindersOf(appointmentId: string): Promise<{ startsAt: string; state: string; reason?: string }[]> {
  const { items } = (await secretary('GET', `/api/notifications?appointmentId=${appointmentId}`)).body;
  return items.filter(({ kind }: { kind: string }) => kind === 'reminder');
}

describe('what is mailed of a visit', () => {
  it('confirms it, leads to where it is moved, moves it in calendars, and the ledger says why the old reminder does not leave', async () => {
    const who = await newPatient();
    const visitor = await signedIn(who);
    await book(visitor, who);
    const before = await visitOf(who.patientId);
    const [confirmation] = (await mails.mailsTo(who.email)) as [KeptMail];
    const invited = await calendarIn(confirmation);
    expect(invited).toEqual({
      method: 'REQUEST',
      uid: `${before.id}@cabinet`,
      sequence: before.version - 1,
      start: inParis(before.start),
    });
    await until(async () => (await remindersOf(before.id)).length === 1);
    expect(await remindersOf(before.id)).toMatchObject([{ startsAt: before.start, state: 'planned' }]);

    const [link] = linksIn(confirmation);
    await visitor.page.goto(link as string);
    await visitor.page.getByRole('link', { name: /^\w+day,? / }).click();
    await visitor.page.getByRole('link', { name: 'Move' }).click();
    await chooseLateTime(visitor, 1);
    await visitor.page.getByRole('heading', { level: 1, name: 'Your appointment' }).waitFor();
    const after = await visitOf(who.patientId);
    expect([after.id, after.status]).toEqual([before.id, 'booked']);
    expect(after.start).not.toBe(before.start);

    const [moved] = (await mails.mailsTo(who.email, 2)) as [KeptMail];
    const change = await calendarIn(moved);
    expect(change).toMatchObject({ method: 'REQUEST', uid: invited.uid, start: inParis(after.start) });
    expect(change.sequence).toBeGreaterThan(invited.sequence);
    await until(async () => (await remindersOf(before.id)).length === 2);
    expect((await remindersOf(before.id)).toSorted((a, b) => a.state.localeCompare(b.state))).toMatchObject([
      { startsAt: after.start, state: 'planned' },
      { startsAt: before.start, state: 'suppressed', reason: 'superseded' },
    ]);
    expect(visitor.complaints).toEqual([]);
  });

  it('does nothing when something looks through its mails and follows every link', async () => {
    const who = await newPatient();
    const { practitionerId, appointmentTypeId } = who.receiving;
    const [start] = await freeSlots(secretary, who.receiving);
    const request = { patientId: who.patientId, practitionerId, appointmentTypeId, start };
    expect((await secretary('POST', '/api/appointments', request)).status).toBe(201);
    const asked = { template: 'call-us', patientIds: [who.patientId], channels: ['email'] };
    expect((await secretary('POST', '/api/notify', asked)).status).toBe(202);
    const before = await visitOf(who.patientId);
    const preferences = async () => (await secretary('GET', `/api/notification-preferences/${who.patientId}`)).body;
    const wanted = await preferences();
    const links = (await mails.mailsTo(who.email, 2)).flatMap(linksIn);
    // To the portal, and to unsubscribe.
    expect(new Set(links).size).toBeGreaterThan(1);
    for (const link of links) {
      for (const method of ['HEAD', 'GET']) {
        const { status } = await fetch(link, { method });
        expect([link.split('/')[3], status]).toEqual([link.split('/')[3], 200]);
      }
    }
    expect(await visitOf(who.patientId)).toEqual(before);
    expect(await preferences()).toEqual(wanted);
  });
});
