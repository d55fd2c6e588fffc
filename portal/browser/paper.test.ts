import type { Page } from 'playwright-core';
import { encode } from 'uqr';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { appointments, store } from '../mock/agenda.ts';
import { type Appointment, patients, practitioners } from '../mock/people.ts';
import { type Built, openBuilt } from './on-built.ts';
import { goTo, type Place, places } from './places.ts';
import { type Visit, visit } from './visit.ts';

let practice: Built;
/** A browser for each person, whose screen is dark. */
const visits = new Map<string | undefined, Promise<Visit>>();

beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(async () => {
  await practice?.stop();
});

async function open(place: Place): Promise<Page> {
  const visitor = visits.get(place.as) ?? visit(practice.browser, practice.address, { colors: 'dark' });
  visits.set(place.as, visitor);
  const { page } = await visitor;
  await page.emulateMedia({ media: null });
  await goTo(page, place);
  return page;
}

const placeOf = (name: string): Place => {
  const place = places.find((each) => each.name === name);
  if (!place) throw new Error(`there is no place ${name}`);
  return place;
};

/** What a printer is sent: how many sheets, each how large (mm). */
async function printed(page: Page): Promise<[width: number, height: number][]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const sheets = [...pdf.matchAll(/\/Type \/Page\b[\s\S]*?\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  const mm = (points: string | undefined) => Math.round((Number(points) / 72) * 25.4);
  return sheets.map(([, width, height]) => [mm(width), mm(height)]);
}
const a4 = [210, 297];

/** Words that are printed though they are pressed or lead elsewhere, and such as cannot be read on white. */
const wrong = `[...document.querySelectorAll('body *')].flatMap((each) => {
  const [own] = [...each.childNodes].filter(({ nodeType, data }) => nodeType === 3 && data.trim());
  if (!own || !each.checkVisibility() || each.closest('.sr-only')) return [];
  const [red, green, blue] = getComputedStyle(each).color.match(/[\\d.]+/g).map(Number);
  const isPale = 0.299 * red + 0.587 * green + 0.114 * blue > 128;
  const isPressed = each.closest('nav, button:not([data-appointment]), .button');
  return isPale || isPressed ? [each.tagName + ' ' + own.data] : [];
})`;

describe('every page on paper', () => {
  it.each(places)('is dark on white, and has nothing that is pressed or leads elsewhere: $name', async (place) => {
    const page = await open(place);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(wrong)).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    // What has measures of its own has margins of its own.
    if ((await page.locator('.paper').count()) > 0) return;
    // As wide as A4 is within its margins.
    await page.setViewportSize({ width: 702, height: 1_000 });
    onTestFinished(() => page.setViewportSize({ width: 1_366, height: 768 }));
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });
});

/** A Wednesday on which nobody has an appointment but these. */
const day = '2031-03-05';

function fill(count: number, minutes: number, more: Partial<Appointment> = {}): void {
  const [sample] = appointments.values();
  for (const [of, { id: practitionerId }] of practitioners.slice(0, 8).entries())
    for (let nth = 0; nth < count; nth += 1) {
      const start = Date.parse(`${day}T07:00:00Z`) + nth * minutes * 60_000;
      const at = { start: new Date(start).toISOString(), end: new Date(start + minutes * 60_000).toISOString() };
      const id = `on paper ${of} ${nth}`;
      const patientId = patients[(of * 7 + nth) % patients.length]?.id as string;
      store({ ...(sample as Appointment), ...at, id, practitionerId, patientId, status: 'booked', ...more });
      onTestFinished(() => void appointments.delete(id));
    }
}

describe('a day list', () => {
  const listOf = (count: number): Place => ({
    ...{ name: 'day list', as: 'secretary' },
    path: `/agendas/print?day=${day}&who=${practitioners
      .slice(0, count)
      .map(({ id }) => id)
      .join()}`,
  });
  const rows = (page: Page) => page.locator('.paper tbody tr');

  it.each([
    [1, 30, 15, 'roomy'],
    [1, 48, 10, 'close'],
    [3, 18, 20, 'close'],
    [8, 16, 30, 'tight'],
  ])('of %i agendas with %i appointments each is one A4', async (agendas, count, minutes, density) => {
    fill(count, minutes, { reason: 'a secret' });
    const page = await open(listOf(agendas));
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(agendas * count);
    expect(await page.locator('.paper').getAttribute('data-density')).toBe(density);
    expect(await printed(page)).toEqual([a4]);
    const text = await page.locator('.paper').textContent();
    for (const { familyName, telecom } of patients.slice(0, 5)) expect(text).toContain(familyName && telecom[0]?.value);
    expect(text).not.toContain('a secret');
    // Nothing but the sheet is on it.
    await page.emulateMedia({ media: 'print' });
    const isAlone = `[...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && !each.closest('.paper') && !each.querySelector('.paper')).map(({ tagName }) => tagName)`;
    expect(await page.evaluate(isAlone)).toEqual([]);
  });

  it('that no sheet takes is printed on several, which is said before', async () => {
    fill(40, 15);
    const page = await open(listOf(8));
    await page.getByText('This is more than one sheet takes').waitFor();
    expect((await printed(page)).length).toBeGreaterThan(1);
  });

  it('keeps to its sheet whatever names there are', async () => {
    const [patient] = patients as [(typeof patients)[number]];
    const { familyName } = patient;
    onTestFinished(() => void Object.assign(patient, { familyName }));
    patient.familyName = 'ẍ'.repeat(200);
    fill(30, 15, { patientId: patient.id });
    const page = await open(listOf(1));
    await rows(page).first().waitFor();
    expect(await printed(page)).toEqual([a4]);
  });

  it('says what cannot be read, and offers nothing to print that lacks it', async () => {
    fill(2, 15);
    const want = (path: string, words = {}) =>
      fetch(`${practice.address}/mock/${path}`, {
        method: 'POST',
        body: new URLSearchParams(words),
        redirect: 'manual',
      });
    await want('faults', { operation: 'GET /api/appointments', answers: '503' });
    onTestFinished(async () => void (await want('clear')));
    const page = await open(listOf(1));
    await page.getByText('Nothing was changed').first().waitFor();
    expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0);
  });

  it('has the agendas that are open to who prints it, and names those that are not beside the sheet alone', async () => {
    fill(2, 15);
    const [open1, closed] = practitioners;
    const page = await open(placeOf('waiting list of the practice'));
    const isOfClosed = (url: URL) =>
      url.pathname === '/api/appointments' && url.searchParams.get('practitionerId') === closed?.id;
    const problem = { status: 403, code: 'ACCESS.DENIED', title: '', fields: [], requestId: 'r' };
    await page.route(isOfClosed, (route) => route.fulfill({ status: 403, json: problem }));
    onTestFinished(() => page.unrouteAll());
    await goTo(page, listOf(2));
    await page.getByText('Not on the list: agendas that are closed to you').waitFor();
    expect(await rows(page).count()).toBe(2);
    const sheet = await page.locator('.paper').textContent();
    expect([sheet?.includes(open1?.familyName ?? '?'), sheet?.includes(closed?.familyName ?? '?')]).toEqual([
      true,
      false,
    ]);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

/** Millimetres of what is printed. */
const measure = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) =>
    all.map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return [x, y, width, height].map((px) => Math.round((px / 96) * 254) / 10);
    }),
  );

/** As `ui/qr-code.tsx` draws it. */
const drawn = (text: string): string =>
  encode(text, { ecc: 'M', border: 4 })
    .data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');

describe('labels and cards', () => {
  const { id, familyName } = patients[2] as (typeof patients)[number];
  const labels = `/patients/${id}/labels`;

  it('fill a sheet of 24, each where its label is, with a code that says whose it is', async () => {
    const page = await open(placeOf('labels'));
    expect(await printed(page)).toEqual([a4]);
    await page.setViewportSize({ width: 794, height: 1_123 });
    onTestFinished(() => page.setViewportSize({ width: 1_366, height: 768 }));
    await page.emulateMedia({ media: 'print' });
    const found = await measure(page, '.label');
    expect(found).toHaveLength(24);
    expect([found[0], found[4], found[23]]).toEqual([
      [0, 0, 70, 37],
      [70, 37, 70, 37],
      [140, 259, 70, 37],
    ]);
    expect(await page.locator('.label').first().textContent()).toContain(familyName);
    expect(await page.locator('.label svg path').first().getAttribute('d')).toBe(drawn(`cabinet:patient:${id}`));
  });

  it('begin where the sheet has been used up to, also for who comes back to the address', async () => {
    const page = await open({ name: 'labels', as: 'secretary', path: labels });
    await page.getByLabel('Begin at which label?').selectOption('22');
    await page.waitForURL(/first=22/);
    await page.reload();
    await page.locator('.label svg').first().waitFor();
    expect(await page.locator('.label svg').count()).toBe(3);
    for (const [first, count] of [
      ['99', 1],
      ['x', 24],
      ['-3', 24],
    ] as const) {
      await page.goto(`${labels}?first=${first}`);
      await page.locator('.label svg').first().waitFor();
      expect([first, await page.locator('.label svg').count()]).toEqual([first, count]);
    }
  });

  it('a card is as large as one for a purse', async () => {
    const page = await open(placeOf('card'));
    expect(await printed(page)).toEqual([a4]);
    await page.emulateMedia({ media: 'print' });
    expect((await measure(page, '.patient-card')).map(([, , ...size]) => size)).toEqual([[85.6, 54]]);
    expect(await page.locator('.patient-card').textContent()).toContain(familyName);
    expect(await page.locator('.patient-card svg path').getAttribute('d')).toBe(drawn(`cabinet:patient:${id}`));
  });
});

it('the proof of an appointment says its day in words, its place and its reference, and has a code for the desk', async () => {
  const page = await open(placeOf('proof'));
  expect(await printed(page)).toEqual([a4]);
  await page.emulateMedia({ media: 'print' });
  const text = await page.getByRole('main').innerText();
  expect(text).toMatch(/(Mon|Tues|Wednes|Thurs|Fri)day, \d+ \w+ \d{4}/);
  expect(text).toContain(practitioners[0]?.places[0]?.address?.city);
  expect(text).toMatch(/Reference for the practice: [\dA-F]{8}/);
  const code = page.getByRole('img', { name: 'QR code for the desk' });
  expect(await code.isVisible()).toBe(true);
  expect(await code.locator('path').getAttribute('d')).toBe(drawn(`cabinet:patient:${patients[0]?.id}`));
});

it('the day at a glance shows what another desk does', async () => {
  fill(2, 30);
  const page = await open({ ...placeOf('day at a glance'), path: `/agendas/glance?day=${day}` });
  const [bernard] = practitioners;
  const row = page.getByRole('row').filter({ hasText: bernard?.familyName });
  await row.getByRole('cell').nth(1).getByText('0', { exact: true }).waitFor();
  expect(await row.getByRole('cell').allTextContents()).toEqual(['2', '0', '0', '7 h 00']);
  const visitToday = [...appointments.values()].find((each) => each.id === 'on paper 0 0');
  store({ ...(visitToday as Appointment), status: 'arrived', arrivedAt: new Date().toISOString() });
  await row.getByRole('cell').nth(1).getByText('1', { exact: true }).waitFor();
  const bar = page.getByRole('img', { name: new RegExp(`The day of .*${bernard?.familyName}`) });
  await expect.poll(() => bar.locator('[data-kind=waiting]').count()).toBe(1);
});
