import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Keyboard } from '../../portal/browser/keyboard/keyboard.ts';
import { type Look, signIn, type Visit } from '../../portal/browser/visit.ts';
import type { Caller } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { useChromium } from '../support/portal.ts';
import {
  addPractitioner,
  freeSlots,
  newLogin,
  type Receiving,
  registerPatient,
  signedInAs,
  signedInWith,
} from '../support/practice.ts';

/** What a poor line, a service that is lost, and somebody faster make of a booking in the running practice. */
const open = useChromium();

const freeTime = /minutes, with /;
const booking = { name: 'Book this appointment' };

interface Newcomer {
  admin: Caller;
  desk: Caller;
  patientId: string;
  login: { email: string; password: string };
  receiving: Receiving;
}

async function newPatient(receiving?: Receiving): Promise<Newcomer> {
  const [admin, desk] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
  const { id: patientId } = await registerPatient(desk);
  const login = await newLogin(admin, { roles: ['patient'], patientId });
  return { admin, desk, patientId, login, receiving: receiving ?? (await addPractitioner(admin)) };
}

const stored = async ({ desk, patientId }: Newcomer) =>
  (await desk('GET', `/api/appointments?patientId=${patientId}`)).body.items as { id: string; status: string }[];
const statuses = async (who: Newcomer) => (await stored(who)).map(({ status }) => status);

async function signedIn(login: Newcomer['login'], look?: Partial<Look>): Promise<Visit> {
  const visitor = await open(look);
  await signIn(visitor.page, login.email, login.password);
  await visitor.page.getByRole('button', { name: 'Sign out' }).waitFor();
  return visitor;
}

/** At the last look before the booking: the time is kept by then. */
async function toCheck(who: Newcomer, look?: Partial<Look>): Promise<Visit> {
  const visitor = await signedIn(who.login, look);
  const { practitionerId, appointmentTypeId } = who.receiving;
  await visitor.page.goto(`/patients/${who.patientId}/book/${practitionerId}?type=${appointmentTypeId}`);
  await visitor.page.getByRole('button', { name: freeTime }).first().click();
  await visitor.page.getByRole('button', booking).waitFor();
  return visitor;
}

const hears = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();

describe('a booking', () => {
  it('waits for whoever goes offline, and is done once when they are back', async () => {
    const who = await newPatient();
    const { page, context, complaints } = await toCheck(who);
    await context.setOffline(true);
    await page.getByRole('button', booking).click();
    await hears(page, /It will not be done twice/);
    expect(await statuses(who)).toEqual(['pending']);
    await context.setOffline(false);
    await page.getByRole('button', booking).click();
    await hears(page, 'It is booked');
    expect(await statuses(who)).toEqual(['booked']);
    expect(complaints).toEqual([]);
  });

  it('whose answer is lost on the way is found to be booked', async () => {
    const who = await newPatient();
    const { page, complaints } = await toCheck(who);
    await page.route('**/confirm', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', booking).click();
    await expect.poll(() => statuses(who)).toEqual(['booked']);
    await page.unrouteAll({ behavior: 'wait' });
    await hears(page, 'It is booked');
    expect(await statuses(who)).toEqual(['booked']);
    expect(complaints).toEqual([]);
  });

  it('takes four choices on a telephone with a slow line, and one appointment comes of it', async () => {
    const who = await newPatient();
    const { page, context, complaints } = await signedIn(who.login, { screen: 'phone' });
    const line = await context.newCDPSession(page);
    await line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 400 },
      ...{ downloadThroughput: 50_000, uploadThroughput: 25_000 },
    });
    const { body } = await who.desk('GET', `/api/practitioners/${who.receiving.practitionerId}`);
    await page.getByRole('link', { name: 'Book an appointment' }).click();
    await page.getByLabel('Name or speciality').fill(body.familyName);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: new RegExp(body.familyName) }).click();
    // Whoever hears nothing for a while presses again.
    await page.getByRole('button', { name: freeTime }).first().dblclick();
    await page.getByRole('button', booking).dblclick();
    await hears(page, 'It is booked');
    expect(await statuses(who)).toEqual(['booked']);
    expect(complaints).toEqual([]);
  });

  it('is done when the service is back that was lost in the middle of it', async () => {
    const who = await newPatient();
    const { page, complaints } = await toCheck(who);
    await platform().stopProcess('appointment');
    try {
      await page.getByRole('button', booking).click();
      await hears(page, /cannot be reached/);
    } finally {
      await platform().startProcess('appointment');
    }
    await expect
      .poll(async () => {
        const again = page.getByRole('button', booking);
        if (await again.isEnabled().catch(() => false)) await again.click().catch(() => undefined);
        return page.getByText('It is booked').count();
      })
      .toBe(1);
    expect(await statuses(who)).toEqual(['booked']);
    expect(complaints).toEqual([]);
  });

  it('of a time that is kept no longer, and somebody else has by then, is refused, and leads to another', async () => {
    const who = await newPatient();
    const other = await newPatient(who.receiving);
    const { page, complaints } = await toCheck(who);
    const [held] = (await stored(who)) as unknown as [{ id: string }];
    const asThem = await signedInWith(who.login);
    const { body } = await asThem('GET', `/api/appointments/${held.id}`);
    const cancelled = await asThem('POST', `/api/appointments/${held.id}/cancel`, { reason: 'Elsewhere' });
    expect(cancelled.status).toBe(200);
    const { practitionerId, appointmentTypeId } = who.receiving;
    const wanted = { practitionerId, appointmentTypeId, patientId: other.patientId, start: body.start };
    expect((await who.desk('POST', '/api/appointments', wanted)).status).toBe(201);

    await page.getByRole('button', booking).click();
    await hears(page, 'The time is no longer kept for you');
    await page.getByRole('button', { name: 'To the free times' }).click();
    await page.getByRole('button', { name: freeTime }).first().click();
    await page.getByRole('button', booking).click();
    await hears(page, 'It is booked');
    // What was only kept, and let go, never was an appointment.
    expect(await statuses(who)).toEqual(['booked']);
    expect(await statuses(other)).toEqual(['booked']);
    expect(complaints).toEqual([]);
  });
});

it('two desks that move one appointment: the first one does, and the second hears that somebody changed it', async () => {
  const who = await newPatient();
  const { practitionerId, appointmentTypeId } = who.receiving;
  const [start] = (await freeSlots(who.desk, who.receiving)).slice(4);
  const wanted = { practitionerId, appointmentTypeId, patientId: who.patientId, start };
  const { body: visit } = await who.desk('POST', '/api/appointments', wanted);
  const day = new Intl.DateTimeFormat('sv', { timeZone: visit.zone }).format(new Date(visit.start));
  const login = await newLogin(who.admin, { roles: ['secretary'] });
  const { page, complaints } = await signedIn(login);
  const keyboard = new Keyboard(page);
  await page.goto(`/agendas?who=${practitionerId}&day=${day}`);
  await page.locator(`[data-appointment="${visit.id}"]`).focus();
  await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
  await keyboard.hears(/will be moved to/);
  // While it can still be taken back at this desk, another has done it.
  const moved = Date.parse(visit.start) + 3_600_000;
  const etag = (await who.desk('GET', `/api/appointments/${visit.id}`)).headers.get('etag') as string;
  const path = `/api/appointments/${visit.id}/move`;
  expect((await who.desk('POST', path, { start: new Date(moved).toISOString() }, { 'if-match': etag })).status).toBe(
    200,
  );
  await keyboard.hears('Somebody changed this while you had it open');
  expect(Date.parse((await who.desk('GET', `/api/appointments/${visit.id}`)).body.start)).toBe(moved);
  expect(complaints).toEqual([]);
});
