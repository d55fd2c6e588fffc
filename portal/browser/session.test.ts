import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { patients } from '../mock/people.ts';
import { type Built, openBuilt } from './on-built.ts';
import { goTo } from './places.ts';
import { type Visit, visit } from './visit.ts';

let practice: Built;

beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(() => practice?.stop());
afterEach(() => want('clear'));

const want = (path: string, words: Record<string, string> = {}) =>
  fetch(`${practice.address}/mock/${path}`, { method: 'POST', body: new URLSearchParams(words), redirect: 'manual' });
const fault = (operation: string, answers: string, times = '') => want('faults', { operation, answers, times });

const alice = `/patients/${patients[0]?.id}`;
const details = { name: 'details', path: `${alice}/details`, as: 'alice' };

/** Alice, whose browser has a clock that can be put forward, at a page that asks nothing by itself. */
async function aliceAt(place = details): Promise<Visit> {
  const visitor = await visit(practice.browser, practice.address);
  onTestFinished(visitor.close);
  await visitor.context.clock.install();
  await goTo(visitor.page, place);
  return visitor;
}

/** Another window of the same browser. */
async function windowBeside({ context }: Visit, path = details.path): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

/** Whether whoever comes to this browser is let in without a word. */
async function letsIn({ context }: Visit): Promise<boolean> {
  const answer = await context.request.get('/api/oidc/auth?prompt=none&state=s&nonce=n', { maxRedirects: 0 });
  return new URL(answer.headers().location as string).searchParams.has('code');
}

const entrance = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true });
const cover = (page: Page) => page.getByRole('dialog', { name: 'Sign in again to go on' });
const heading = (page: Page) => page.getByRole('heading', { name: 'Details' });

describe('a screen that was left for half an hour', () => {
  it('is locked, however old its token is and however often nobody answers, also for who reloads it', async () => {
    const visitor = await aliceAt();
    const { page, context } = visitor;
    await fault('POST /api/auth/lock', '503', '2');
    await context.clock.fastForward('31:00');
    await cover(page).waitFor();
    await expect.poll(() => letsIn(visitor)).toBe(false);
    await page.reload();
    await entrance(page).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Your practice');
  });

  it('is locked by the next page when it was closed before it could be', async () => {
    const visitor = await aliceAt();
    await fault('POST /api/auth/lock', 'offline');
    await visitor.context.clock.fastForward('31:00');
    await cover(visitor.page).waitFor();
    await visitor.page.close();
    expect(await letsIn(visitor)).toBe(true);
    const next = await windowBeside(visitor);
    await next.getByText('No answer came').waitFor();
    await want('clear');
    await next.getByRole('button', { name: 'Try again' }).click();
    await entrance(next).waitFor();
    expect(await letsIn(visitor)).toBe(false);
  });

  it('is none while somebody works in another window of the same browser, whose leaving covers both', async () => {
    const visitor = await aliceAt();
    const { page, context } = visitor;
    const other = await windowBeside(visitor);
    await heading(other).waitFor();
    for (let quarter = 0; quarter < 3; quarter += 1) {
      await context.clock.fastForward('14:00');
      await other.mouse.wheel(0, 1);
      await other.keyboard.press('Shift');
    }
    await context.clock.runFor(2_000);
    expect([await page.getByRole('dialog').count(), await letsIn(visitor)]).toEqual([0, true]);
    await context.clock.fastForward('28:30');
    await other.getByRole('button', { name: 'Leave now' }).click();
    await Promise.all([cover(page).waitFor(), cover(other).waitFor()]);
    await expect.poll(() => letsIn(visitor)).toBe(false);
  });

  it('is left as well by a computer that slept, and the key that wakes it is no touch', async () => {
    const visitor = await aliceAt();
    const { clock } = visitor.context;
    await clock.pauseAt(Date.now() + 5_000);
    // No timer has run when the key is pressed.
    await clock.setSystemTime(Date.now() + 3_600_000);
    await visitor.page.keyboard.press('Shift');
    await clock.resume();
    await cover(visitor.page).waitFor();
  });
});

describe('another address of the practice', () => {
  it('says at which one people sign in, and leads there, to the page that was wanted, with one click', async () => {
    const { port } = new URL(practice.address);
    const context = await practice.browser.newContext();
    onTestFinished(async () => {
      // What is still being answered belongs to it.
      await context.unrouteAll({ behavior: 'wait' });
      await context.close();
    });
    // The practice knows itself by one address, whichever it is asked at.
    await context.route('**/openid-configuration', async (route) => {
      const told = JSON.stringify(await (await route.fetch()).json());
      await route.fulfill({ body: told.replaceAll('127.0.0.1', 'localhost'), contentType: 'application/json' });
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}${details.path}`);
    await page.getByText('People sign in at another address of the practice').waitFor();
    await page.getByText(practice.address, { exact: true }).waitFor();
    await entrance(page).click();
    await page.waitForURL(({ origin, pathname }) => origin === practice.address && pathname === '/api/oidc/auth');
    await page.goBack();
    await page.waitForURL(({ pathname }) => pathname === details.path);
    expect(new URL(page.url()).hash).toBe('');
  });
});

describe('signing out', () => {
  it('takes one click, and is known at every window', async () => {
    const visitor = await aliceAt();
    const other = await windowBeside(visitor);
    await heading(other).waitFor();
    await visitor.page.getByRole('button', { name: 'Sign out' }).click();
    await entrance(visitor.page).waitFor();
    await cover(other).waitFor();
    expect(await letsIn(visitor)).toBe(false);
    await visitor.page.goto('/');
    await entrance(visitor.page).waitFor();
  });

  it('says so when it could not be done', async () => {
    const visitor = await aliceAt();
    const { page } = visitor;
    await fault('POST /api/auth/logout/issuer', '503', '1');
    await page.getByRole('button', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog', { name: 'You are still signed in' });
    await dialog.waitFor();
    await visitor.context.clock.fastForward(5_000);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await entrance(page).waitFor();
    expect(await letsIn(visitor)).toBe(false);
  });

  it('ends the session also from a page whose sign-in has ended', async () => {
    const visitor = await aliceAt();
    await visitor.context.clock.fastForward('31:00');
    const ended = visitor.page.waitForRequest('**/api/auth/logout/issuer');
    await cover(visitor.page).getByRole('button', { name: 'Leave this page' }).click();
    await ended;
    await entrance(visitor.page).waitFor();
  });
});

describe('what stands under Undo', () => {
  const before = structuredClone([...appointments]);
  // Each finds the appointments as they were: what one has cancelled another cannot.
  beforeEach(() => {
    for (const [id, appointment] of before) appointments.set(id, structuredClone(appointment));
  });

  /**
   * Alice, who has just cancelled her next appointment.
   * @param before what happens until she decides
   */
  async function cancelled(before: (visitor: Visit) => unknown = () => undefined) {
    const visitor = await aliceAt({ name: 'appointments', path: `${alice}/appointments`, as: 'alice' });
    const { page } = visitor;
    await page.locator('main').getByRole('listitem').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    const id = new URL(page.url()).pathname.split('/').at(-1) as string;
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill('My child is ill');
    await before(visitor);
    await dialog.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    return { visitor, page, status: () => appointments.get(id)?.status };
  }

  it('is done before its user signs out', async () => {
    const { page, status } = await cancelled();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await entrance(page).waitFor();
    expect(status()).toBe('cancelled');
  });

  it('keeps its user here when it cannot be done, with the reason', async () => {
    const { visitor, page, status } = await cancelled();
    await fault('POST /api/appointments/{id}/cancel', '412', '1');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Somebody changed this while you had it open').waitFor();
    expect([status(), await letsIn(visitor)]).toEqual(['booked', true]);
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await entrance(page).waitFor();
  });

  it('is done when the page is closed, by a token that was renewed while it could be', async () => {
    let renewed: Promise<unknown> | undefined;
    const { page, status } = await cancelled(async (visitor) => {
      // Good enough for a request of now, and not for one that is sent in ten seconds.
      await visitor.context.clock.fastForward('08:50');
      renewed = visitor.page.waitForResponse('**/api/oidc/token');
    });
    await renewed;
    expect(status()).toBe('booked');
    await page.close();
    await expect.poll(status).toBe('cancelled');
  });
});

describe('when who signs people in is away or has too much to do', () => {
  it.each([
    ['503', 'cannot be reached'],
    ['429', 'too much at once'],
  ])('says so and not that nobody is signed in: %s', async (status, words) => {
    const { page } = await aliceAt();
    await fault('GET /api/oidc/auth', status, '1');
    await page.reload();
    await page.getByText(words).waitFor();
    expect(await entrance(page).count()).toBe(0);
    await page.clock.fastForward('00:06');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page).waitFor();
  });

  it('goes on by itself once they are back', async () => {
    const { page } = await aliceAt();
    await fault('GET /api/oidc/auth', '503', '2');
    await page.reload();
    await page.getByText('cannot be reached').waitFor();
    for (const _try of [1, 2]) await page.clock.fastForward('00:16');
    await heading(page).waitFor();
  });

  it.each(['503', '429'])('asks nobody to sign in again whose token could not be renewed: %s', async (status) => {
    const { page, context } = await aliceAt();
    for (const operation of ['POST /api/oidc/token', 'GET /api/oidc/auth']) await fault(operation, status);
    await context.clock.fastForward('09:30');
    await page.getByRole('link', { name: 'Appointments' }).first().click();
    await page.getByRole('button', { name: 'Try again' }).first().waitFor();
    expect(await cover(page).count()).toBe(0);
    await want('clear');
    await page.clock.fastForward('00:06');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.locator('main').getByRole('listitem').first().waitFor();
  });
});

it('signing in again over one window brings back all of them, whichever was asked in', async () => {
  const visitor = await aliceAt();
  const other = await windowBeside(visitor);
  await heading(other).waitFor();
  await visitor.context.clock.fastForward('31:00');
  await Promise.all([cover(visitor.page).waitFor(), cover(other).waitFor()]);
  await expect.poll(() => letsIn(visitor)).toBe(false);
  const press = async (page: Page) => {
    const popup = page.waitForEvent('popup');
    await cover(page).getByRole('button', { name: 'Sign in' }).click();
    return popup;
  };
  const [given, finished] = [await press(visitor.page), await press(other)];
  await given.close();
  await finished.getByRole('link', { name: 'alice@cabinet.test' }).click();
  for (const page of [visitor.page, other]) await cover(page).waitFor({ state: 'detached' });
  await expect.poll(() => letsIn(visitor)).toBe(true);
  for (const page of [visitor.page, other]) expect(await heading(page).count()).toBe(1);
});
