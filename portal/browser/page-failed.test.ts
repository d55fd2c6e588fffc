import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { patients } from '../mock/people.ts';
import { startSomeone } from './forms/someone.ts';
import { goTo, places } from './places.ts';
import { type Visit, visit } from './visit.ts';

const { practice } = startSomeone();

const own = `/patients/${patients[0]?.id}`;
const details = { name: 'details', path: `${own}/details`, as: 'alice' };
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../dist/.vite/manifest.json'), 'utf8'));
/** The page's own file: what it shares with others may have its name as well. */
const appointmentsPage = `**/${manifest['src/pages/patients/patient/appointments/appointments.tsx'].file}`;

async function aliceAt(place = details, prepare: (visitor: Visit) => unknown = () => undefined): Promise<Page> {
  const visitor = await visit(practice().browser, practice().address);
  onTestFinished(visitor.close);
  visitor.page.on('dialog', (dialog) => dialog.accept());
  await prepare(visitor);
  await goTo(visitor.page, place);
  return visitor.page;
}

const reportFrom = async (page: Page) =>
  (await page.waitForRequest('**/api/system/page-failures')).postDataJSON() as Record<string, unknown>;

describe('a page that fails by itself', () => {
  it('says so, and tells the practice where, and nothing of whom it was about', async () => {
    const page = await aliceAt();
    const body = "export function Appointments() {\n  throw new TypeError('Alice Moreau is undefined');\n}";
    await page.route(appointmentsPage, (route) => route.fulfill({ contentType: 'text/javascript', body }));
    const reported = reportFrom(page);
    await page.getByRole('link', { name: 'Appointments' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'This page has failed' }).waitFor();
    const told = await reported;
    expect(told).toMatchObject({
      ...{ page: '/patients/$patientId/appointments', error: 'TypeError', browser: 'chrome' },
      build: expect.stringMatching(/^portal-[\w-]+$/),
    });
    expect((told.frames as string[])[0]).toMatch(/^assets\/appointments-[\w-]+\.js:2:\d+$/);
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`Alice|Moreau|${patients[0]?.id}`));
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Appointments' }).waitFor();
  });

  it('stays, with what was typed, where something that a click began has failed', async () => {
    const page = await aliceAt();
    await page.getByLabel('Town').fill('Villeurbanne');
    for (const fail of [
      "setTimeout(() => { throw new RangeError('Moreau'); })",
      "void Promise.reject(new Error('Moreau'))",
    ]) {
      const reported = reportFrom(page);
      await page.evaluate(fail);
      await page.getByRole('alert').filter({ hasText: 'Something on this page has failed' }).waitFor();
      expect(JSON.stringify(await reported)).not.toContain('Moreau');
      await page.getByText('What you typed is kept, but for passwords, private addresses and files.').waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
    }
    expect(await page.getByLabel('Town').inputValue()).toBe('Villeurbanne');
  });
});

describe('an old tab after an upgrade', () => {
  it('is told that there is a newer version, and has what was typed when it is loaded again', async () => {
    const page = await aliceAt();
    await page.getByLabel('Town').fill('Villeurbanne');
    await page.route(appointmentsPage, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Appointments' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'There is a newer version of this page' }).waitFor();
    await page.getByText('What you typed is kept').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Appointments' }).waitFor();
    await goTo(page, details);
    expect(await page.getByLabel('Town').inputValue()).toBe('Villeurbanne');
  });
});

it('a page that is not there yet when the line is lost is there once the line is, and the portal stays meanwhile', async () => {
  const page = await aliceAt();
  await page.getByLabel('Town').fill('Givors');
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Appointments' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'This page could not be loaded' }).waitFor();
  await page.getByText('No answer came').waitFor();
  await page.getByRole('link', { name: 'Appointments' }).first().waitFor();
  await page.context().setOffline(false);
  await page.getByRole('heading', { level: 1, name: 'Appointments' }).waitFor();
  await goTo(page, details);
  expect(await page.getByLabel('Town').inputValue()).toBe('Givors');
});

describe('a browser that keeps nothing', () => {
  it.each<[what: string, prepare: (visitor: Visit) => unknown]>([
    [
      'cookies',
      async ({ page, context }) => {
        const devices = await context.newCDPSession(page);
        await devices.send('Emulation.setDocumentCookieDisabled', { disabled: true });
      },
    ],
    ...['localStorage', 'sessionStorage'].map((place): [string, (visitor: Visit) => unknown] => [
      place,
      ({ page }) =>
        page.addInitScript(
          `Object.defineProperty(window, '${place}', { get() { throw new DOMException('denied', 'SecurityError'); } })`,
        ),
    ]),
  ])('is told what to allow: %s', async (_what, prepare) => {
    const visitor = await visit(practice().browser, practice().address);
    onTestFinished(visitor.close);
    await prepare(visitor);
    await visitor.page.goto('/');
    await visitor.page.getByRole('alert').filter({ hasText: 'allow cookies and data of this site' }).waitFor();
    await visitor.page.getByRole('button', { name: 'Load again' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('or has no room for anything, lets its user sign in and work all the same', async () => {
    const page = await aliceAt(details, ({ page }) =>
      page.addInitScript(() => {
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key: string, value: string) {
          if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
          set.call(this, key, value);
        };
      }),
    );
    await page.getByLabel('Town').waitFor();
  });

  it('or has no more room, says so, and sends what is on the page', async () => {
    const page = await aliceAt(details, ({ page }) =>
      page.addInitScript(() => {
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key: string, value: string) {
          if (key.startsWith('cabinet.draft.')) throw new DOMException('full', 'QuotaExceededError');
          set.call(this, key, value);
        };
      }),
    );
    await page.getByLabel('Town').fill('Vénissieux');
    await page.getByText('This browser keeps no more of what you type.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(patients[0]?.address?.city).toBe('Vénissieux');
  });
});

describe('a computer whose clock is wrong', () => {
  it.each([
    [12, '12 minutes ahead'],
    [-26 * 60, '1 day 2 hours behind'],
    [3 * 24 * 60 + 5, '3 days ahead'],
  ])('is told so, and counts by the clock of the practice: %i minutes', async (minutes, words) => {
    const choose = places.find(({ name }) => name === 'choose a time') ?? details;
    const page = await aliceAt({ ...choose, as: 'alice' }, ({ context }) =>
      context.clock.install({ time: Date.now() + minutes * 60_000 }),
    );
    await page.getByText(`The clock of this computer is ${words}.`).waitFor();
    await page
      .getByRole('button', { name: /minutes, with / })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: 'Check and book' }).waitFor();
    // Of five minutes.
    expect(await page.getByRole('timer').first().textContent()).toMatch(/4:\d\d|5:0\d/);
  });

  it('says nothing where it is off by less than two minutes', async () => {
    const page = await aliceAt(details, ({ context }) => context.clock.install({ time: Date.now() + 60_000 }));
    await page.getByLabel('Town').waitFor();
    expect(await page.getByText('The clock of this computer').count()).toBe(0);
  });
});

it('whoever sends what is not complete hears which fields lack something, and is led to the first', async () => {
  const visitor = await visit(practice().browser, practice().address);
  onTestFinished(visitor.close);
  const { page } = visitor;
  await goTo(page, { name: 'add a practitioner', path: '/practitioners/new', as: 'secretary' });
  await page.getByLabel('Given names').fill('Aline');
  await page.getByRole('button', { name: 'Add a kind of visit' }).click();
  await page.getByRole('button', { name: 'Add them' }).click();
  await page.getByRole('alert').filter({ hasText: 'Not sent yet. Look at: Family name, Name' }).waitFor();
  expect(await page.locator(':focus').getAttribute('id')).toBe(await page.getByLabel('Family name').getAttribute('id'));
});
