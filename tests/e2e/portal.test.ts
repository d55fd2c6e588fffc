import { describe, expect, it } from 'vitest';
import { seededPassword } from '../../dev/src/seed/index.ts';
import { findFaults } from '../../portal/browser/axe.ts';
import { signIn, spoken, type Visit } from '../../portal/browser/visit.ts';
import { type Caller, caller } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { useChromium } from '../support/portal.ts';
import { addPractitioner, newLogin, registerPatient, signedInAs } from '../support/practice.ts';

const open = useChromium();

/** A patient whom no other test knows, with a sign-in, and a practitioner who receives every day. */
async function newPatient() {
  const [admin, secretary] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const patient = await registerPatient(secretary);
  const login = await newLogin(admin, { roles: ['patient'], patientId: patient.id });
  const receiving = await addPractitioner(admin);
  const { body } = await secretary('GET', `/api/practitioners/${receiving.practitionerId}`);
  return { admin, secretary, patientId: patient.id, login, ...receiving, practitioner: body.familyName as string };
}

type Newcomer = Awaited<ReturnType<typeof newPatient>>;

async function signedIn(login: { email: string; password: string }, look?: Parameters<typeof open>[0]): Promise<Visit> {
  const visitor = await open(look);
  await signIn(visitor.page, login.email, login.password);
  await visitor.page.waitForURL(/\/patients\/[\w-]+\/appointments$/);
  return visitor;
}

/** Up to the check: the time is kept by then. */
async function chooseTime({ page }: Visit, { patientId, practitionerId, appointmentTypeId }: Newcomer, nth = 0) {
  await page.goto(`/patients/${patientId}/book/${practitionerId}?type=${appointmentTypeId}`);
  const times = page.getByRole('button', { name: /minutes/ });
  await times.nth(nth).waitFor();
  await times.nth(nth).click();
}

const appointmentsOf = async (secretary: Caller, patientId: string) =>
  (await secretary('GET', `/api/appointments?patientId=${patientId}`)).body.items as {
    status: string;
    start: string;
  }[];

describe('the entrance', () => {
  it.each([
    { language: 'en', colors: 'light', screen: 'desk' },
    { language: 'fr', colors: 'dark', screen: 'phone' },
  ] as const)('has no fault that axe finds, and nothing that its policy refuses: %o', async (look) => {
    const { page, complaints } = await open(look);
    const button = page.getByRole('button', { name: look.language === 'fr' ? 'Se connecter' : 'Sign in' });
    await button.waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language);
    expect(await findFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('signs in by the keyboard alone, with no token where scripts of tomorrow find it, and leads back to where one was', async () => {
    const { page } = await open();
    const { patientId } = (await (await signedInAs('alice'))('GET', '/api/auth/me')).body;
    await page.goto(`/patients/${patientId}/details`);
    await page.getByRole('button', { name: 'Sign in' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#email').waitFor();
    await page.locator('#email').focus();
    await page.keyboard.type('alice@cabinet.test');
    await page.keyboard.press('Tab');
    await page.keyboard.type(seededPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/patients/${patientId}/details`);
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(kept).not.toMatch(/eyJ/);
    // The browser is known again, whose page has forgotten all.
    await page.reload();
    await page.waitForURL(`**/patients/${patientId}/details`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
  });

  it('leaves nothing red in the console of an ordinary sign-in: not of who is nobody yet, nor of who comes back', async () => {
    const { page } = await open();
    const red: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') red.push(`${new URL(message.location().url).pathname}: ${message.text()}`);
    });
    await page.reload();
    await signIn(page, 'alice@cabinet.test', seededPassword);
    await page.waitForURL(/\/patients\/[\w-]+\/appointments$/);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Appointments' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(red).toEqual([]);
  });
});

describe('the page on which one signs in', () => {
  it.each([
    ['offers passkeys', '', 1],
    ['offers none in a browser that has none', 'delete globalThis.PublicKeyCredential', 0],
  ])('%s', async (_what, content, offered) => {
    const { page } = await open();
    await page.addInitScript({ content });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#email').waitFor();
    expect(await page.getByRole('button', { name: 'Use a passkey' }).count()).toBe(offered);
  });
});

describe('signing out', () => {
  it.each([
    ['as it is', undefined],
    ['also by the issuer alone', /cabinet_refresh$/],
  ])('takes one click, after which whoever comes is at the entrance: %s', async (_how, lost) => {
    const { page, context, complaints } = await signedIn((await newPatient()).login);
    if (lost) await context.clearCookies({ name: lost });
    const ledBack = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await ledBack;
    for (const again of ['', '/']) {
      if (again) await page.goto(again);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
    }
    expect(complaints).toEqual([]);
  });
});

describe('a patient', () => {
  it('books in four choices at most, has proof of it, and cancels with a reason that can be taken back', async () => {
    const who = await newPatient();
    const visitor = await signedIn(who.login, { screen: 'phone' });
    const { page, complaints } = visitor;
    await page.getByRole('link', { name: 'Book an appointment' }).click();
    await page.getByLabel('Name or speciality').fill(who.practitioner);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: new RegExp(who.practitioner) }).click();
    const first = page.getByRole('button', { name: new RegExp(`, 30 minutes, with .*${who.practitioner}`) }).first();
    // Understood by itself: time, weekday and date, length, with whom.
    expect(await first.getAttribute('aria-label')).toMatch(/^\d{1,2}:\d\d.*, \w+day,? .*\d{4}.*, 30 minutes, with /);
    await first.click();
    await page.getByRole('button', { name: 'Book this appointment' }).dblclick();
    await page.getByText('It is booked').waitFor();
    expect(await findFaults(page)).toEqual([]);
    expect(await appointmentsOf(who.secretary, who.patientId)).toMatchObject([{ status: 'booked' }]);

    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill('My child is ill');
    await dialog.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is booked').waitFor();
    expect(await appointmentsOf(who.secretary, who.patientId)).toMatchObject([{ status: 'booked' }]);

    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    // What was typed is there still.
    expect(await dialog.getByLabel('Why?').inputValue()).toBe('My child is ill');
    await dialog.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page.getByText('This appointment is cancelled').waitFor({ timeout: 30_000 });
    expect(await appointmentsOf(who.secretary, who.patientId)).toMatchObject([{ status: 'cancelled' }]);
    expect(complaints).toEqual([]);
  });

  it('who wants a time that somebody else has just taken hears so, keeps what was typed, and is shown the nearest', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    const shared = { practitionerId: one.practitionerId, appointmentTypeId: one.appointmentTypeId };
    const [first, second] = await Promise.all([signedIn(one.login), signedIn(other.login)]);
    const same = { ...other, ...shared };
    const at = (id: string) => `/patients/${id}/book/${shared.practitionerId}?type=${shared.appointmentTypeId}`;
    await Promise.all([first.page.goto(at(one.patientId)), second.page.goto(at(other.patientId))]);
    await second.page.getByText('Say why you come').click();
    await second.page.getByLabel('Why you come').fill('Mal au dos');
    const times = (visitor: Visit) => visitor.page.getByRole('button', { name: /30 minutes/ });
    const wanted = await times(second).first().getAttribute('aria-label');
    await times(first).first().click();
    await first.page.getByRole('button', { name: 'Book this appointment' }).click();
    await first.page.getByText('It is booked').waitFor();
    await times(second).first().click();
    await second.page.getByText('Somebody else has just taken this time').waitFor();
    expect(await second.page.getByLabel('Why you come').inputValue()).toBe('Mal au dos');
    const nearest = second.page.locator('section', { hasText: 'The nearest free times' }).getByRole('button');
    expect(await nearest.count()).toBeGreaterThan(0);
    await expect.poll(() => second.page.getByRole('button', { name: wanted as string }).count()).toBe(0);
    expect(await findFaults(second.page)).toEqual([]);
    await nearest.first().click();
    await second.page.getByRole('button', { name: 'Book this appointment' }).click();
    await second.page.getByText('It is booked').waitFor();
    const [booked] = await appointmentsOf(other.secretary, same.patientId);
    expect(booked).toMatchObject({ status: 'booked' });
    // It is between the patient and the practitioner.
    expect(booked).not.toHaveProperty('reason');
  });

  it('whose sign-in has ended signs in again over the form, and nothing typed is lost', async () => {
    const who = await newPatient();
    const visitor = await signedIn(who.login);
    const { page, context } = visitor;
    await chooseTime(visitor, who);
    await page.getByRole('button', { name: 'Book this appointment' }).waitFor();
    await context.clearCookies();
    const me = await caller(platform().url('gateway'))('POST', '/api/auth/login', who.login);
    const { id } = (await caller(platform().url('gateway'), `Bearer ${me.body.accessToken}`)('GET', '/api/auth/me'))
      .body;
    expect((await who.admin('DELETE', `/api/auth/users/${id}/sessions`)).status).toBe(204);
    // A token ends within ten seconds of its session.
    const ended = caller(platform().url('gateway'), `Bearer ${me.body.accessToken}`);
    const list = `/api/appointments?patientId=${who.patientId}`;
    await expect.poll(async () => (await ended('GET', list)).status).toBe(401);
    await expect
      .poll(async () => {
        await page
          .getByRole('button', { name: 'Book this appointment' })
          .click({ timeout: 1_000 })
          .catch(() => undefined);
        return page.getByRole('dialog').count();
      })
      .toBe(1);
    const popup = page.waitForEvent('popup');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    const over = await popup;
    await over.locator('#email').fill(who.login.email);
    await over.locator('#password').fill(who.login.password);
    await over.locator('#sign-in button[type=submit]').click();
    await page.getByText('It is booked').waitFor();
    expect(await appointmentsOf(who.secretary, who.patientId)).toMatchObject([{ status: 'booked' }]);
  });

  it('hears of free times in French as in English, with weekdays and months in words', async () => {
    const who = await newPatient();
    const visitor = await signedIn(who.login, { language: 'fr' });
    const { patientId, practitionerId, appointmentTypeId } = who;
    await visitor.page.goto(`/patients/${patientId}/book/${practitionerId}?type=${appointmentTypeId}`);
    const first = visitor.page.getByRole('button', { name: /30 minutes/ }).first();
    await first.waitFor();
    expect(await first.getAttribute('aria-label')).toMatch(
      /^\d{1,2}[:h]\d\d.*, (lun|mar|mercre|jeu|vendre|same|diman)(di|che) \d{1,2}.* \d{4}, 30 minutes, avec /,
    );
    expect(await findFaults(visitor.page)).toEqual([]);
    const text = await spoken(visitor.page);
    // No button is a bare number or time.
    expect(text).not.toMatch(/button "\d{1,2}([:h]\d\d)?"/);
  });
});
