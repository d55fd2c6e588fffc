import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { patients, practitioners } from '../mock/people.ts';
import { dateAt, daysAfter } from '../src/time/zone.ts';
import { findFaults } from './axe.ts';
import { type Built, openBuilt } from './on-built.ts';
import { become, goTo } from './places.ts';
import { type Look, type Visit, visit } from './visit.ts';

const [bernard] = practitioners;
const zone = 'Europe/Paris';
const tomorrow = daysAfter(dateAt(Date.now(), zone), 1);
/** Whose name is as long as one can be, with what would be markup. */
const patient = { ...patients[5], familyName: `<b>Lefèvre</b> ${'x'.repeat(180)}` } as (typeof patients)[number];

let built: Built;
/** How often the agenda of tomorrow was asked for, which nothing shows but a copy. */
let asked = 0;

beforeAll(async () => {
  patients[5] = patient;
  const [sample] = appointments.values();
  if (!sample || !bernard) throw new Error('the mock has no appointment');
  appointments.set('copied', {
    ...{ ...sample, id: 'copied', practitionerId: bernard.id, patientId: patient.id, reason: 'a secret' },
    ...{ start: `${tomorrow}T10:00:00Z`, end: `${tomorrow}T10:30:00Z`, status: 'booked' },
  });
  built = await openBuilt((name, { query }) => {
    const isCopied = query.get('practitionerId') === bernard.id && query.get('from') === tomorrow;
    if (name === 'GET /api/appointments' && isCopied) asked += 1;
  });
}, 300_000);
afterAll(() => built?.stop());
afterEach(() => built.setAway(false));

const agendas = { name: 'agendas', path: '/agendas' };
const keptAt = (page: Page): Promise<{ sessionId: string } | undefined> =>
  page.evaluate(
    `caches.match('/outage/copy.json', { cacheName: 'cabinet.copy' }).then((kept) => kept?.json())`,
  ) as Promise<{ sessionId: string } | undefined>;
/** As when it had been taken so. */
const pretend = (page: Page, more: object) =>
  page.evaluate(`(async () => {
    const cache = await caches.open('cabinet.copy');
    const kept = await (await cache.match('/outage/copy.json')).json();
    await cache.put('/outage/copy.json', Response.json({ ...kept, ...${JSON.stringify(more)} }));
  })()`);
const none = (page: Page) => page.getByText('No copy of the agendas is kept in this browser');
const name = (page: Page) => page.getByRole('cell', { name: /Lefèvre/ });

/** Somebody who looks at agendas, at a browser that has kept a copy of them. */
async function deskOf(as: string, look: Partial<Look> = {}): Promise<Visit> {
  const visitor = await visit(built.browser, built.address, look);
  onTestFinished(visitor.close);
  await visitor.context.clock.install();
  await goTo(visitor.page, { ...agendas, as });
  await expect.poll(() => keptAt(visitor.page)).toBeTruthy();
  await visitor.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  return visitor;
}

describe('while the practice cannot be reached', () => {
  it('a desk shows the agendas that it has kept, as a copy, at whichever address, and goes back when it can', async () => {
    const { page, complaints } = await deskOf('secretary');
    for (const how of [true, 502]) {
      built.setAway(how);
      await page.goto('/waiting-list');
      await page.getByRole('heading', { level: 1, name: /^Agendas, as they were on/ }).waitFor();
      await page.getByText('This is a copy').waitFor();
      expect(await name(page).textContent()).toContain('<b>Lefèvre</b>');
      expect(await page.locator('body').textContent()).not.toContain('a secret');
      expect(await findFaults(page)).toEqual([]);
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button').or(page.getByRole('link')).filter({ visible: true }).count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    built.setAway(false);
    await page.getByRole('link', { name: 'Try to reach the practice again' }).click();
    await page.getByRole('heading', { name: 'Waiting list' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('it is in French, and narrow enough for a telephone, where it was taken so', async () => {
    const { page } = await deskOf('dr.bernard', { language: 'fr', screen: 'phone' });
    built.setAway(true);
    await page.goto('/');
    await page.getByText('Ceci est une copie').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
  });

  it('the portal that is reached without its services offers it', async () => {
    const { page } = await deskOf('secretary');
    await fetch(`${built.address}/mock/faults`, {
      ...{ method: 'POST', redirect: 'manual' },
      body: new URLSearchParams({ operation: 'GET /api/oidc/auth', answers: '503' }),
    });
    onTestFinished(async () => {
      await fetch(`${built.address}/mock/clear`, { method: 'POST', redirect: 'manual' });
    });
    await page.reload();
    await page.getByRole('link', { name: /Open the copy/ }).click();
    await name(page).waitFor();
  });

  it('it is gone as soon as nobody has touched its screen for half an hour, also from the page that shows it', async () => {
    const { page, context } = await deskOf('secretary');
    built.setAway(true);
    await page.goto('/agendas');
    await name(page).waitFor();
    await context.clock.fastForward('25:00');
    await page.keyboard.press('Shift');
    await context.clock.fastForward('10:00');
    expect(await name(page).count()).toBe(1);
    await context.clock.fastForward('31:00');
    await none(page).waitFor();
    expect(await keptAt(page)).toBeUndefined();
    expect(await findFaults(page)).toEqual([]);
  });

  it('nobody is shown one that is a day old, or of a session that is not that of who was last there', async () => {
    for (const more of [{ takenAt: new Date(Date.now() - 25 * 3_600_000).toISOString() }, { sessionId: 'another' }]) {
      const { page } = await deskOf('secretary');
      await pretend(page, more);
      built.setAway(true);
      await page.goto('/agendas');
      await none(page).waitFor();
      expect(await keptAt(page)).toBeUndefined();
      built.setAway(false);
    }
  });
});

describe('a copy', () => {
  it('is erased by signing out, whether or not the browser is asked to forget', async () => {
    const { page } = await deskOf('secretary');
    await page.route('**/api/auth/logout/issuer', async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers() };
      delete headers['clear-site-data'];
      await route.fulfill({ response, headers });
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.evaluate('caches.keys()')).not.toContain('cabinet.copy');
  });

  it('is erased when the screen is left', async () => {
    const { page, context } = await deskOf('secretary');
    await context.clock.fastForward('31:00');
    await page.getByRole('dialog', { name: 'Sign in again to go on' }).waitFor();
    await expect.poll(() => keptAt(page)).toBeUndefined();
  });

  it('is nobody’s who comes after: another person begins without one', async () => {
    const { page, context } = await deskOf('secretary');
    await pretend(page, { sessionId: 'of who was here before', days: [] });
    await context.clearCookies();
    await become(page, 'two-hats');
    await page.getByRole('heading', { name: 'As what do you come today?' }).waitFor();
    await expect.poll(() => keptAt(page)).toBeUndefined();
  });

  it('is taken by one of several windows, each hour', async () => {
    asked = 0;
    const { page, context } = await deskOf('secretary');
    const other = await context.newPage();
    await other.goto('/agendas');
    await other.getByRole('heading', { name: bernard?.familyName }).first().waitFor();
    const touched = async () => {
      await context.clock.fastForward('25:00');
      await page.keyboard.press('Shift');
    };
    await touched();
    expect(asked).toBe(1);
    await touched();
    await touched();
    await expect.poll(() => asked).toBe(2);
    await context.clock.fastForward('05:00');
    await expect.poll(() => keptAt(other)).toBeTruthy();
    expect(asked).toBe(2);
  });

  it('is not kept for patients, whose browsers have no part of it', async () => {
    const { page, close } = await visit(built.browser, built.address);
    onTestFinished(close);
    await goTo(page, { name: 'home', path: '/', as: 'alice' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate('caches.keys()')).toEqual([]);
    expect(await page.evaluate('navigator.serviceWorker.getRegistrations().then(({ length }) => length)')).toBe(0);
  });
});
