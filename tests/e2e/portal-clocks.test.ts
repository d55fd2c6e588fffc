import { beforeAll, describe, expect, it } from 'vitest';
import { Keyboard } from '../../portal/browser/keyboard/keyboard.ts';
import { type Look, signIn } from '../../portal/browser/visit.ts';
import type { Caller } from '../support/http.ts';
import { useChromium } from '../support/portal.ts';
import { addPractitioner, newLogin, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';

/** The nights in which clocks change, at a practice that receives at night, in the running practice. */
const open = useChromium();

const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

/** Of one of them each kind of night is less than half a year ahead; both change between two and three o’clock. */
const zones = ['Europe/Paris', 'Australia/Sydney'];

/** Minutes by which the clock there is ahead of Greenwich. */
function ahead(at: number, timeZone: string): number {
  const words = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(at);
  const [, hours, minutes] = /GMT\+(\d\d):(\d\d)/.exec(words) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

/** The next night of a kind: the instant of the change, and the date there. */
function nightWhen(goes: 'forward' | 'back') {
  const now = Math.ceil(Date.now() / hour) * hour;
  for (let at = now + 48 * hour; ; at += hour)
    for (const zone of zones) {
      const by = ahead(at, zone) - ahead(at - hour, zone);
      const day = new Intl.DateTimeFormat('sv', { timeZone: zone }).format(at);
      if (goes === 'forward' ? by > 0 : by < 0) return { zone, at, day };
    }
}

let admin: Caller;
let desk: Caller;
beforeAll(async () => {
  [admin, desk] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
});

async function receivingAtNight(zone: string): Promise<Receiving> {
  const receiving = await addPractitioner(admin, zone);
  const path = `/api/schedules/${receiving.practitionerId}`;
  const etag = (await desk('GET', path)).headers.get('etag') as string;
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const hours = [{ placeId: receiving.placeId, daysOfWeek, startTime: '00:00', endTime: '06:00' }];
  expect((await desk('PUT', path, { hours }, { 'if-match': etag })).status).toBe(200);
  return receiving;
}

async function book({ practitionerId, appointmentTypeId }: Receiving, at: number) {
  const patient = await registerPatient(desk);
  const wanted = { practitionerId, appointmentTypeId, patientId: patient.id, start: iso(at) };
  const { status, body } = await desk('POST', '/api/appointments', wanted);
  expect([status, body]).toEqual([201, expect.anything()]);
  return { patient, id: body.id as string };
}

const startOf = async (id: string) => iso(Date.parse((await desk('GET', `/api/appointments/${id}`)).body.start));

async function signedIn(who: Parameters<typeof newLogin>[1], look?: Partial<Look>) {
  const login = await newLogin(admin, who);
  const visitor = await open(look);
  await signIn(visitor.page, login.email, login.password);
  await visitor.page.getByRole('button', { name: /^(Sign out|Se déconnecter)$/ }).waitFor();
  return visitor;
}

/** In the agenda of that day, with the focus on an appointment. */
async function inAgenda({ practitionerId }: Receiving, day: string, id: string) {
  const visitor = await signedIn({ roles: ['secretary'] });
  await visitor.page.goto(`/agendas?who=${practitionerId}&day=${day}`);
  const entry = (which: string) => visitor.page.locator(`[data-appointment="${which}"]`);
  await entry(id).focus();
  return { ...visitor, entry, keyboard: new Keyboard(visitor.page) };
}

const half = hour / 2;

describe('the night in which the clock is put back', () => {
  const { zone, at, day } = nightWhen('back');

  it('has the hour twice, and each time of it can be told from the other, moved, and booked once', async () => {
    const receiving = await receivingAtNight(zone);
    const [first, second] = [await book(receiving, at - hour), await book(receiving, at)];
    const { entry, keyboard, complaints } = await inAgenda(receiving, day, second.id);
    const names = await Promise.all([first.id, second.id].map((id) => entry(id).innerText()));
    expect(names).toEqual([expect.stringMatching(/^02:00 \S/), expect.stringMatching(/^02:00 \S/)]);
    expect(new Set(names.map((name) => name.split('–')[0])).size).toBe(2);
    // By half an hour, and not into the hour before.
    await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
    await keyboard.hears(/will be moved to 02:30/);
    await expect.poll(() => startOf(second.id)).toBe(iso(at + half));
    expect(await startOf(first.id)).toBe(iso(at - hour));
    expect(complaints).toEqual([]);
  });

  it('tells a patient in their language which of both times it is', async () => {
    const receiving = await receivingAtNight(zone);
    const { patient, id } = await book(receiving, at + half);
    const who = { roles: ['patient' as const], patientId: patient.id };
    const { page, complaints } = await signedIn(who, { language: 'fr', screen: 'phone' });
    await page.goto(`/patients/${patient.id}/appointments/${id}`);
    const offset = (ms: number) => `UTC+${ahead(ms, zone) / 60}`;
    await page
      .getByText(`02:30 ${offset(at + half)}`)
      .first()
      .waitFor();
    expect(await page.getByText(`02:30 ${offset(at - half)}`).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the night in which the clock is put forward', () => {
  const { zone, at, day } = nightWhen('forward');

  it('offers no time in the hour that there is not, and moves over it', async () => {
    const receiving = await receivingAtNight(zone);
    const { id } = await book(receiving, at - half);
    const { page, keyboard, complaints } = await inAgenda(receiving, day, id);
    const free = page.getByRole('button', { name: /, free$/ });
    await free.first().waitFor();
    const offered = await free.evaluateAll((all) => all.map((each) => String(each.getAttribute('aria-label'))));
    expect(offered.map((name) => name.slice(0, 5)).filter((time) => time < '04:00')).toEqual([
      ...['00:00', '00:30', '01:00', '03:00', '03:30'],
    ]);
    await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
    await keyboard.hears('The appointment of 01:30 will be moved to 03:00.');
    await expect.poll(() => startOf(id)).toBe(iso(at));
    expect(complaints).toEqual([]);
  });
});
