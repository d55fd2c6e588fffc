import { expect, it } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { seriesId } from '../mock/answers/series.ts';
import type { Appointment } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

const ofSeries = (id: string): Appointment[] =>
  [...appointments.values()].filter((each) => each.seriesId === id).sort((a, b) => a.start.localeCompare(b.start));

it('a patient books exactly what they looked at: what is taken is left out, what is lost meanwhile is named', async () => {
  const page = await mock.open('book a series');
  await page
    .getByRole('button', { name: /minutes/ })
    .last()
    .click();
  const preview = page.getByRole('region', { name: 'What would be booked' }).getByRole('listitem');
  await page.getByText('All of them are free.').waitFor();
  expect(await preview.count()).toBe(6);
  await page.getByLabel('How many appointments').fill('1');
  await page.getByText('Give a number from 2 to 104.').waitFor();
  await page.getByLabel('How often?').selectOption('2');
  await page.getByLabel('How many appointments').fill('4');
  await preview.nth(3).getByRole('checkbox').uncheck();
  // What was chosen outlives a reload.
  await open(page, 'book a series');
  await page.getByRole('button', { name: 'Book 3 appointments' }).waitFor();

  // Somebody else takes the second while the page is looked at.
  const second = await preview.nth(1).innerText();
  const other = [...appointments.values()].find((each) => each.status === 'booked') as Appointment;
  const first = await page.getByText('The first:').locator('time').getAttribute('datetime');
  const start = new Date(Date.parse(first as string) + 14 * 24 * 3_600_000).toISOString();
  const end = new Date(Date.parse(start) + 30 * 60_000).toISOString();
  appointments.set('taken', { ...other, id: 'taken', start, end });
  await page.getByRole('button', { name: 'Book 3 appointments' }).click();
  await page.getByRole('alert').getByText('Not every appointment of the series is possible').waitFor();
  await page.getByText('Somebody else has that time.').waitFor();
  expect(second).toMatch(/free/);
  await page.getByRole('button', { name: 'Leave these out' }).click();
  await page.getByRole('button', { name: 'Why?' }).click();
  await page.getByText('Somebody else has that time.').waitFor();
  await page.getByRole('button', { name: 'Book 2 appointments' }).click();
  await page.getByRole('heading', { name: 'A series of appointments' }).waitFor();
  await page.getByText('2 are booked').waitFor();
  expect(await page.getByText('Every 2 weeks').count()).toBe(1);
  await page.getByRole('link', { name: 'To all appointments' }).click();
  await page.getByText('part of a series').first().waitFor();
});

it('a secretary moves one and those that follow, all or none, and back again; one that was moved alone stays', async () => {
  const page = await mock.open('series');
  const before = ofSeries(seriesId).map(({ start }) => start);
  await page.getByText('moved alone').waitFor();
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
  await page.getByRole('link', { name: 'Move', exact: true }).click();
  await page.getByRole('radio', { name: 'This one and the 2 that follow' }).check();
  await mock.want('faults', { operation: 'POST /api/appointments/{id}/move-following', answers: '412', times: '1' });
  const times = page.getByRole('button', { name: /minutes/ });
  await times.last().click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(ofSeries(seriesId).map(({ start }) => start)).toEqual(before);
  await times.last().click();
  await page.getByText('This one and those that follow were moved').waitFor();
  const moved = ofSeries(seriesId);
  expect(moved.filter(({ start }) => before.includes(start))).toHaveLength(1);
  await page.getByRole('button', { name: 'Move them back to' }).click();
  await page.getByText('This one and those that follow were moved').waitFor({ state: 'detached' });
  expect(ofSeries(seriesId).map(({ start }) => start)).toEqual(before);
}, 60_000);

it('those that follow are cancelled together ten seconds later, unless that is undone', async () => {
  const page = await mock.open('series');
  await page.getByRole('main').getByRole('listitem').getByRole('link').nth(1).click();
  const cancel = async () => {
    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page.getByRole('radio', { name: 'This one and the 2 that follow' }).check();
    await page.getByLabel('Why?').fill('Moves away');
    await page.getByRole('button', { name: 'Cancel these appointments' }).click();
    await page.getByText('those that follow in its series will be cancelled').waitFor();
  };
  await cancel();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(ofSeries(seriesId).every(({ status }) => status === 'booked')).toBe(true);
  await cancel();
  await page.getByText('This appointment is cancelled').waitFor();
  expect(ofSeries(seriesId).map(({ status }) => status)).toEqual(['booked', 'cancelled', 'cancelled', 'cancelled']);
}, 60_000);
