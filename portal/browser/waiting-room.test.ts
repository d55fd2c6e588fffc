import type { Page } from 'playwright-core';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { appointments, store } from '../mock/agenda.ts';
import { type Appointment, patients, practitioners } from '../mock/people.ts';
import { findFaults } from './axe.ts';
import { startOnMock } from './on-mock.ts';

// Of the mock and of the browser: a morning on which the practice receives, whenever this runs.
const { now } = vi.hoisted(() => {
  const now = new Date('2027-03-09T09:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now });
  return { now };
});

const mock = startOnMock();
const minute = 60_000;
const [one, other] = practitioners;

const idOfNth = (nth: number) => `0000000${nth}-0000-7000-8000-000000000000`;
/** What has become of somebody of that morning. */
const visitOf = (nth: number) => appointments.get(idOfNth(nth)) as Appointment;

/** Somebody of that morning, so many minutes ago. */
function coming(nth: number, minutesAgo: number, more: Partial<Appointment>): Appointment {
  const [like] = appointments.values();
  const start = now.getTime() - minutesAgo * minute;
  return {
    ...(like as Appointment),
    ...{ id: idOfNth(nth), version: 1, status: 'booked' },
    ...{ patientId: patients[nth]?.id as string, practitionerId: one?.id as string },
    ...{ start: new Date(start).toISOString(), end: new Date(start + 30 * minute).toISOString() },
    ...more,
  };
}

const arrivedAgo = (minutes: number): Partial<Appointment> => ({
  status: 'arrived',
  arrivedAt: new Date(now.getTime() - minutes * minute).toISOString(),
});

beforeEach(() => {
  for (const each of [...appointments.values()]) if (each.start.startsWith('2027-03-09')) appointments.delete(each.id);
  store(coming(3, 15, arrivedAgo(12)));
  store(coming(4, 20, { ...arrivedAgo(47), practitionerId: other?.id as string }));
  store(coming(5, 10, {}));
  store(coming(6, -20, {}));
  store(coming(7, -300, {}));
});

async function openRoom(): Promise<Page> {
  const page = await mock.open('waiting room', { screen: 'desk', now });
  await page.getByRole('heading', { name: 'people wait' }).waitFor();
  return page;
}

const linesOf = (page: Page, heading: RegExp) =>
  page.locator('section', { has: page.getByRole('heading', { name: heading }) }).getByRole('listitem');

it('shows who waits longest first, across practitioners, who is late, and who comes within the hour', async () => {
  const page = await openRoom();
  const waiting = linesOf(page, /people wait/);
  await expect
    .poll(() => waiting.allInnerTexts())
    .toEqual([
      expect.stringMatching(
        new RegExp(`${patients[4]?.familyName}[^]*${other?.familyName}[^]*waits for 47 minutes \\(long\\)`),
      ),
      expect.stringMatching(new RegExp(`${patients[3]?.familyName}[^]*${one?.familyName}[^]*waits for 12 minutes`)),
    ]);
  const expected = linesOf(page, /Expected/);
  expect(await expected.allInnerTexts()).toEqual([
    expect.stringMatching(new RegExp(`${patients[5]?.familyName}[^]*10 minutes late`)),
    expect.stringMatching(new RegExp(`${patients[6]?.familyName}[^]*expected`)),
  ]);
  expect(await findFaults(page)).toEqual([]);
});

it('calls nobody late to a visit that is long over, and keeps those of which nothing is recorded apart', async () => {
  store(coming(8, 317, {}));
  const page = await openRoom();
  const expected = linesOf(page, /Expected/);
  await expect.poll(() => expected.count()).toBe(2);
  const over = page.getByText('1 visit is over, and nobody has recorded what became of it');
  await over.click();
  const line = page.getByRole('group').filter({ has: over }).getByRole('listitem');
  await line.getByText('over, nothing is recorded').waitFor();
  expect(await page.getByText('317 minutes late').count()).toBe(0);
  expect(await line.innerText()).toContain(patients[8]?.familyName);
});

it('shows what another desk records at once, and records who has come and who was seen', async () => {
  const page = await openRoom();
  const late = visitOf(5);
  store({ ...late, ...arrivedAgo(0), version: late.version + 1 });
  await page.getByText('waits for 0 minutes').waitFor();
  await page.getByRole('heading', { name: '3 people wait' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^Has arrived: .*${patients[6]?.familyName}`) }).click();
  await page.getByRole('heading', { name: '4 people wait' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^Has been seen: .*${patients[4]?.familyName}`) }).click();
  await page.getByRole('heading', { name: '3 people wait' }).waitFor();
  expect(visitOf(4).status).toBe('fulfilled');
});

it('records that somebody did not come ten seconds later, unless it is undone', async () => {
  const page = await openRoom();
  await page.getByRole('button', { name: new RegExp(`^What to do with .*${patients[5]?.familyName}`) }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Did not come' }).click();
  await page.getByText('about to change').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('about to change').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: new RegExp(`^What to do with .*${patients[5]?.familyName}`) }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Did not come' }).click();
  await page.getByText('about to change').waitFor();
  await page.evaluate("dispatchEvent(new Event('pagehide'))");
  await expect.poll(() => visitOf(5).status).toBe('noshow');
});

it('says of which practitioner nothing could be read, and calls nobody absent for it', async () => {
  onTestFinished(async () => void (await mock.want('clear')));
  const page = await mock.open('waiting room', { screen: 'desk', now });
  await mock.want('faults', { operation: 'GET /api/appointments', answers: 'offline' });
  await page.reload();
  const name = `${one?.givenNames[0]} ${one?.familyName}`;
  await page.getByRole('region', { name }).getByRole('alert').waitFor();
  expect(await page.getByText(/Nobody (?:who has arrived|is expected)/).count()).toBe(0);
});
