import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { patients, practitioners } from '../mock/people.ts';
import { cardOf } from '../src/words/cards.ts';
import { findFaults } from './axe.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const before = structuredClone([...appointments]);
beforeEach(() => {
  appointments.clear();
  for (const [id, appointment] of before) appointments.set(id, structuredClone(appointment));
});

/** Two who offer the same, on a day on which they receive at the same hours; early in it somebody comes to each. */
const [one, other] = practitioners
  .filter(({ places }) => places[0]?.zone === 'Europe/Paris')
  .slice(0, 2)
  // As they stand side by side.
  .sort((a, b) => a.familyName.localeCompare(b.familyName));
const days = [...appointments.values()].map(({ start }) => start.slice(0, 10)).sort();
const day = [...new Set(days)][1];

const entry = (page: Page, id: string): Locator => page.locator(`[data-appointment="${id}"]`);

const comingTo = (id: string | undefined) =>
  [...appointments.values()]
    .filter((each) => each.practitionerId === id && each.start.startsWith(day ?? '') && each.status === 'booked')
    .sort((a, b) => a.start.localeCompare(b.start));

async function openAgendas(screen: 'desk' | 'phone' = 'desk', who = `${one?.id},${other?.id}`): Promise<Page> {
  const page = await mock.open('agendas', { screen });
  await page.goto(`/agendas?day=${day}&who=${who}`);
  await page.locator('[data-appointment]').first().waitFor();
  // What is closed and what is free is known.
  await page
    .getByRole('button', { name: /, closed$/ })
    .first()
    .waitFor();
  await page
    .getByRole('button', { name: /, free$/ })
    .first()
    .waitFor();
  return page;
}

/** As if the page were left: what waits to be undone is done. */
const leave = (page: Page) => page.evaluate("dispatchEvent(new Event('pagehide'))");

it('shows eight agendas at 1366 px without any scrolling sideways, and none of the page at 360 px', async () => {
  const ids = practitioners.slice(0, 8).map(({ id }) => id);
  const page = await openAgendas('desk', ids.join(','));
  const grid = page.getByRole('region', { name: 'Agendas', exact: true });
  expect(await grid.getByRole('region').count()).toBe(8);
  const widths = 'document.querySelector("[data-column]").parentElement';
  expect(await page.evaluate(`${widths}.scrollWidth - ${widths}.clientWidth`)).toBeLessThanOrEqual(0);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});

it('books a free time where it is clicked, for whom was found, and says why another is not offered', async () => {
  const page = await openAgendas();
  const column = page.getByRole('region', { name: `${one?.givenNames[0]} ${one?.familyName}` });
  await column
    .getByRole('button', { name: /, free$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Patient', { exact: true }).fill(patients[20]?.familyName as string);
  await dialog.getByRole('button', { name: new RegExp(`^${patients[20]?.givenNames[0]}`) }).click();
  await dialog.getByRole('button', { name: /^Book \d\d:\d\d$/ }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(comingTo(one?.id).filter(({ patientId }) => patientId === patients[20]?.id)).toHaveLength(1);
  // The focus is at what stands there by now.
  await expect.poll(() => page.evaluate('document.activeElement.dataset.stop')).toBeTruthy();

  await column
    .getByRole('button', { name: /, closed$/ })
    .first()
    .click();
  await dialog.getByLabel('Patient', { exact: true }).fill(patients[21]?.familyName as string);
  await dialog.getByRole('button', { name: new RegExp(`^${patients[21]?.givenNames[0]}`) }).click();
  await dialog.getByRole('alert').getByText('The practitioner does not receive then.').waitFor();
  expect(await dialog.getByRole('button', { name: /minutes, with/ }).count()).toBeGreaterThan(0);
  expect(await findFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Book it all the same' }).click();
  await dialog.getByText('Say in a few words why.').waitFor();
  await dialog.getByLabel('Why it has to be then').fill('Comes from far away');
  await dialog.getByRole('button', { name: 'Book it all the same' }).click();
  await dialog.waitFor({ state: 'detached' });
  const forced = comingTo(one?.id).find(({ overbooking }) => overbooking);
  expect(forced?.overbooking?.reason).toBe('Comes from far away');
  // Who did it, why and over what stands there, in words.
  await page.getByRole('button', { name: /, forced/ }).click();
  await dialog.getByText('by you').waitFor();
  await dialog.getByText('Comes from far away').waitFor();
  await dialog.getByText('The practitioner does not receive then.').waitFor();
});

/** Drags an appointment by a pointer, so many minutes down and columns to the right. */
async function drag(page: Page, id: string, minutes: number, columns: number): Promise<void> {
  const from = await entry(page, id).boundingBox();
  const column = await page.locator('[data-column]').first().boundingBox();
  if (!from || !column) throw new Error('nothing to drag');
  const [x, y] = [from.x + 20, from.y + 10];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 10, y + 10);
  await page.mouse.move(x + columns * column.width, y + (minutes * 7) / 5, { steps: 5 });
  await page.mouse.up();
}

async function move(page: Page, id: string, minutes: number, columns: number): Promise<void> {
  await entry(page, id).focus();
  const steps = [...Array<string>(minutes / 5).fill('ArrowDown'), ...Array<string>(columns).fill('ArrowRight')];
  for (const key of ['m', ...steps, 'Enter']) await page.keyboard.press(key);
}

const ways = [
  ['by a pointer', drag],
  ['by keys', move],
] as const;

it.each(ways)(
  'moves an appointment into the agenda beside, %s: undone for ten seconds, then with the other',
  async (_way, go) => {
    const page = await openAgendas();
    const [coming] = comingTo(one?.id);
    const id = coming?.id as string;
    // Half an hour later the other is free, whoever comes then to the first.
    const half = comingTo(other?.id).some(({ start }) => Date.parse(start) === Date.parse(coming?.start ?? ''))
      ? 30
      : 0;
    await go(page, id, half, 1);
    await page
      .getByText(new RegExp(`will be moved to .*, with ${other?.givenNames[0]} ${other?.familyName}`))
      .waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText(/will be moved to/).waitFor({ state: 'detached' });
    expect(appointments.get(id)?.practitionerId).toBe(one?.id);
    await go(page, id, half, 1);
    await page.getByText(/will be moved to/).waitFor();
    await leave(page);
    await expect.poll(() => appointments.get(id)?.practitionerId).toBe(other?.id);
    await page
      .getByRole('region', { name: `${other?.givenNames[0]} ${other?.familyName}` })
      .locator(entry(page, id))
      .waitFor();
  },
);

it.each(ways)('says in the same words why it cannot move somewhere, and what is free nearest, %s', async (_way, go) => {
  const page = await openAgendas();
  const id = comingTo(one?.id)[0]?.id as string;
  await go(page, id, 5, 0);
  const dialog = page.getByRole('dialog', { name: 'Move the appointment' });
  await dialog.getByRole('alert').getByText('No visit of this kind begins at that time.').waitFor();
  await dialog
    .getByRole('button', { name: /minutes, with/ })
    .first()
    .click();
  await page.getByText(/will be moved to/).waitFor();
  await page.keyboard.press('Control+z');
});

it('puts an appointment back by Escape while a pointer drags it, and nothing is moved or opened when it is let go', async () => {
  const page = await openAgendas();
  const id = comingTo(one?.id)[0]?.id as string;
  const from = await entry(page, id).boundingBox();
  if (!from) throw new Error('nothing to drag');
  const [x, y] = [from.x + 20, from.y + 10];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 70, { steps: 3 });
  await expect.poll(async () => (await entry(page, id).boundingBox())?.y).toBe(from.y + 70);
  await page.keyboard.press('Escape');
  await page.getByText('Put back.').waitFor();
  await page.mouse.move(x, y + 84, { steps: 2 });
  await page.mouse.up();
  expect((await entry(page, id).boundingBox())?.y).toBe(from.y);
  expect(await page.getByRole('dialog').count()).toBe(0);
  // It is dragged, or opened, as before.
  await entry(page, id).click();
  await page.getByRole('dialog').waitFor();
});

it('asks which kind of visit it becomes with somebody who offers none of the same name', async () => {
  const types = other?.appointmentTypes ?? [];
  const names = types.map(({ name }) => name);
  for (const type of types) type.name = `Other ${type.name}`;
  onTestFinished(() => {
    for (const [nth, type] of types.entries()) type.name = names[nth] as string;
  });
  const page = await openAgendas();
  const [coming] = comingTo(one?.id);
  const half = comingTo(other?.id).some(({ start }) => Date.parse(start) === Date.parse(coming?.start ?? '')) ? 30 : 0;
  await move(page, coming?.id as string, half, 1);
  const dialog = page.getByRole('dialog', { name: 'Move the appointment' });
  await dialog.getByText(/offers no “Consultation”/).waitFor();
  expect(await findFaults(page)).toEqual([]);
  await dialog.getByLabel('Kind of visit there').selectOption({ index: 0 });
  await dialog.getByRole('button', { name: 'Move it there' }).click();
  await page.getByText(/will be moved to/).waitFor();
  await leave(page);
  await expect.poll(() => appointments.get(coming?.id as string)?.appointmentTypeId).toBe(types[0]?.id);
});

it('names the clock by which an agenda far away is shown, and the free times there, in the order of time', async () => {
  const far = practitioners.find(({ places }) => places[0]?.zone === 'Indian/Reunion') ?? other;
  const [place] = far?.places ?? [];
  const zone = place?.zone;
  if (place) place.zone = 'Indian/Reunion';
  onTestFinished(() => {
    if (place && zone) place.zone = zone;
  });
  const page = await openAgendas('desk', `${one?.id},${far?.id}`);
  await page.getByRole('region', { name: `${far?.givenNames[0]} ${far?.familyName}, Réunion Time` }).waitFor();
  await page.getByLabel('Patient', { exact: true }).fill(patients[30]?.familyName as string);
  await page
    .getByRole('search')
    .getByRole('button', { name: new RegExp(`^${patients[30]?.givenNames[0]}`) })
    .click();
  const times = page.locator('[data-start]');
  await times.first().waitFor();
  const instants = await times.evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset }) => Date.parse((dataset.start ?? '').slice(36))),
  );
  expect(instants).toEqual([...instants].sort((a, b) => a - b));
  const names = await times.evaluateAll((all) => all.map((each) => `${each.ariaLabel}`));
  const isFar = (name: string) => name.includes(far?.familyName as string);
  expect(names.filter((name) => isFar(name) !== name.includes('(Réunion Time)'))).toEqual([]);
  expect(names.filter(isFar).length).toBeGreaterThan(0);
});

it('shows whole lines of each visit in eight agendas on a screen of 1280 px', async () => {
  const ids = practitioners.slice(0, 8).map(({ id }) => id);
  const page = await openAgendas('desk', ids.join(','));
  await page.setViewportSize({ width: 1280, height: 800 });
  const cut = await page.locator('[data-appointment]').evaluateAll((all) =>
    all.flatMap((entry) => {
      const { bottom } = entry.getBoundingClientRect();
      return [...entry.children]
        .filter((line) => !line.classList.contains('sr-only') && line.getBoundingClientRect().bottom > bottom)
        .map((line) => line.textContent);
    }),
  );
  expect(cut).toEqual([]);
});

it('puts an appointment back that was dropped while it could not be asked whether it may be there', async () => {
  const page = await openAgendas();
  const id = comingTo(one?.id)[0]?.id as string;
  await mock.want('faults', { operation: 'GET /api/slots/explain', answers: '503', times: '4' });
  await move(page, id, 5, 0);
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await mock.want('clear');
  expect(appointments.get(id)?.version).toBe(1);
});

it('finds a patient by a telephone number, a date as it is said, a birth name and a scanned card', async () => {
  const page = await openAgendas();
  const whom = patients.find(({ birthName, familyName }) => birthName && birthName !== familyName);
  const field = page.getByLabel('Patient', { exact: true });
  const found = page
    .getByRole('search')
    .getByRole('button', { name: new RegExp(whom?.familyName as string) })
    .first();
  const [year, month, date] = (whom?.birthDate ?? '').split('-');
  for (const words of [whom?.birthName, `${date}/${month}/${year}`, whom?.telecom[0]?.value]) {
    await field.fill(words as string);
    await found.waitFor();
  }
  await field.fill('');
  await page.keyboard.press('F2');
  // A scanner types faster than anybody is asked, and ends with Enter.
  await page.keyboard.insertText(cardOf(whom?.id as string));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Somebody else' }).waitFor();
  await page.getByText('First free times').waitFor();
  await page.keyboard.press('Escape');
  await field.fill(cardOf('019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11'));
  await page.getByText('This card is of nobody here.').waitFor();
});

it('listens to letters and signs only in the grid: elsewhere they are what somebody says or types', async () => {
  const page = await openAgendas();
  const field = page.getByLabel('Patient', { exact: true });
  await page.getByRole('button', { name: 'The day after' }).focus();
  for (const key of ['m', '/']) await page.keyboard.press(key);
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(false);
  await page.locator('[data-appointment]').first().focus();
  await page.keyboard.press('/');
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await field.inputValue()).toBe('');
});

it('calls nothing closed or free while that could not be read, and says so', async () => {
  const page = await mock.open('agendas', { screen: 'desk' });
  await mock.want('faults', { operation: 'GET /api/schedules/{practitionerId}', answers: '503' });
  await mock.want('faults', { operation: 'GET /api/slots', answers: '503' });
  await page.goto(`/agendas?day=${day}&who=${one?.id}`);
  await page.locator('[data-appointment]').first().waitFor();
  await page
    .getByRole('button', { name: /no appointment$/ })
    .first()
    .waitFor();
  expect(await page.getByRole('button', { name: /closed$|not offered$|free$/ }).count()).toBe(0);
  await page.getByRole('status').getByText('A part of the practice’s system cannot be reached').waitFor();
  await mock.want('clear');
});

it('takes the time of a caller once, and offers the nearest when somebody else was faster', async () => {
  const page = await openAgendas();
  await page.getByLabel('Patient', { exact: true }).fill(patients[30]?.familyName as string);
  await page
    .getByRole('search')
    .getByRole('button', { name: new RegExp(`^${patients[30]?.givenNames[0]}`) })
    .click();
  await mock.want('faults', { operation: 'POST /api/appointments', answers: '409', times: '1' });
  const first = page.getByRole('button', { name: /minutes, with/ }).first();
  const check = page.getByRole('region', { name: 'About to be booked' });
  const book = check.getByRole('button', { name: 'Book it' });
  await first.click();
  await book.click();
  await page.getByRole('alert').getByText('Somebody else has just taken this time').waitFor();
  // Chosen, and read back: however often it is clicked nothing is booked yet, and Escape leads back to it.
  await first.dblclick();
  await check.getByText(patients[30]?.familyName as string).waitFor();
  await book.focus();
  await page.keyboard.press('Escape');
  await check.waitFor({ state: 'detached' });
  await expect.poll(() => first.evaluate((element) => element === document.activeElement)).toBe(true);
  expect([...appointments.keys()].filter((id) => !before.some(([known]) => known === id))).toEqual([]);
  await first.click();
  await book.dblclick();
  await page.getByText(/^Booked: /).waitFor();
  expect(
    [...appointments.values()].filter(
      (each) => each.patientId === patients[30]?.id && !before.some(([id]) => id === each.id),
    ),
  ).toHaveLength(1);
  expect(await findFaults(page)).toEqual([]);
});
