import { beforeEach, expect, it } from 'vitest';
import { appointments, holiday } from '../mock/agenda.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();
const before = structuredClone([...appointments]);
beforeEach(() => {
  for (const [id, appointment] of before) appointments.set(id, structuredClone(appointment));
});

/** The first day on which somebody comes to the practitioner of the page, and who does. */
function busyDay(practitionerId: string) {
  const booked = [...appointments.values()]
    .filter((each) => each.practitionerId === practitionerId && each.status === 'booked')
    .sort((a, b) => a.start.localeCompare(b.start));
  const day = booked[0]?.start.slice(0, 10) as string;
  return { day, ids: booked.filter(({ start }) => start.startsWith(day)).map(({ id }) => id) };
}

const look = 'Show what becomes of the appointments';

it('somebody who is to be away sees first what becomes of each patient, and has exactly that done or nothing', async () => {
  const page = await mock.open('hours');
  const { day, ids } = busyDay(new URL(page.url()).pathname.split('/').at(-1) as string);
  await page.getByRole('button', { name: look }).click();
  await page.getByText('Give the first day.').waitFor();
  await page.getByText('Say in a few words why.').waitFor();
  await page.getByLabel('First day').fill(day);
  expect(await page.getByLabel('Last day').inputValue()).toBe(day);
  await page.getByLabel('Why, for patients').fill('A training');
  await page.getByRole('button', { name: look }).click();
  const touched = page.getByRole('status').getByRole('listitem');
  await touched.first().waitFor();
  expect(await touched.count()).toBe(ids.length);
  expect(await touched.getByText('moves to').count()).toBe(ids.length);

  // A patient cancels while the desk is looking.
  const [gone, kept] = ids.flatMap((id) => appointments.get(id) ?? []);
  if (!gone || !kept) throw new Error('too few come on that day');
  appointments.set(gone.id, { ...gone, status: 'cancelled' });
  await page.getByRole('button', { name: 'Do exactly this' }).click();
  await page.getByRole('alert').getByText('Something has changed since you looked').waitFor();
  expect(appointments.get(kept.id)?.start).toBe(kept.start);
  // What was typed is still there.
  await page.getByRole('button', { name: look }).click();
  await touched.first().waitFor();
  expect(await touched.count()).toBe(ids.length - 1);
  await page.getByRole('button', { name: 'Do exactly this' }).click();
  await page.getByText('The absence is planned').waitFor();
  expect(appointments.get(kept.id)?.start.slice(0, 10)).not.toBe(day);
  await page.getByText('away', { exact: true }).waitFor();
  await page.getByRole('button', { name: `Take back the absence from ${day}` }).click();
  await page.getByText('No absence is planned.').waitFor();
});

it('hours that were typed outlive a reload, and another desk’s change is not overwritten', async () => {
  const page = await mock.open('hours');
  await page.getByRole('button', { name: 'Add hours' }).click();
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Choose at least one.').waitFor();
  await page.getByRole('group', { name: 'Hours 3' }).getByRole('checkbox', { name: 'Sat' }).check();
  await open(page, 'hours');
  const third = page.getByRole('group', { name: 'Hours 3' });
  expect(await third.getByRole('checkbox', { name: 'Sat' }).isChecked()).toBe(true);
  await mock.want('faults', { operation: 'PUT /api/schedules/{practitionerId}', answers: '412', times: '1' });
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await third.getByRole('checkbox', { name: 'Sat' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await page.getByText('09:00–12:00', { exact: true }).count()).toBeGreaterThan(0);
});

/** A day on which the practice receives, some days ahead. */
const inDays = (days: number): string => {
  const at = (more: number) => new Date(Date.now() + (days + more) * 24 * 3_600_000);
  const more = [0, 1, 2].find((each) => ![0, 6].includes(at(each).getUTCDay())) ?? 0;
  return at(more).toISOString().slice(0, 10);
};
const dayOf = (date: string) =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

it('single days are previewed in the coming weeks before they are saved, with how it is now, and hold afterwards', async () => {
  const page = await mock.open('own hours');
  const row = (date: string) => page.getByRole('listitem').filter({ hasText: dayOf(date) });
  const [closed, longer] = [inDays(6), inDays(12)];
  await row(closed)
    .getByText(/\d+ times? for patients/)
    .waitFor();
  await row(holiday).getByText('public holiday').waitFor();

  await page.getByRole('button', { name: 'Add a single day' }).click();
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Give a day.').waitFor();
  const first = page.getByRole('group', { name: 'Single day 1' });
  await first.getByLabel('Day', { exact: true }).fill(closed);
  await row(closed).getByText('changed; now it is:').waitFor();
  expect(await row(closed).innerText()).toMatch(/closed[\s\S]*09:00–12:00/);
  await page.getByText('1 day of the coming four weeks becomes otherwise, and is marked.').waitFor();

  await page.getByRole('button', { name: 'Add a single day' }).click();
  const second = page.getByRole('group', { name: 'Single day 2' });
  await second.getByLabel('Day', { exact: true }).fill(closed);
  await second.getByText('Of this day something else is said as well: keep one of them.').waitFor();
  await second.getByLabel('Day', { exact: true }).fill(longer);
  await second.getByLabel('What holds then').selectOption('further hours, besides');
  await second.getByLabel('From').fill('18:30');
  await second.getByLabel('Until').fill('20:00');
  await page.getByText('2 days of the coming four weeks become otherwise, and are marked.').waitFor();
  await page.reload();
  await row(longer).getByText('18:30–20:00').first().waitFor();
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await page.getByText('changed; now it is:').count()).toBe(0);
  await row(closed).getByText('closed').waitFor();
  await row(longer).getByText('18:30–20:00').waitFor();
});

it('free times that cannot be read are said to be so, and the hours are shown all the same', async () => {
  const page = await mock.open('own hours');
  await mock.want('faults', { operation: 'GET /api/slots', answers: '503' });
  await page.reload();
  await page.getByText('09:00–12:00', { exact: true }).first().waitFor();
  await page.locator('#weeks').locator('..').getByRole('button', { name: 'Try again' }).waitFor();
  expect(await page.getByText('nothing free').count()).toBe(0);
  await mock.want('clear');
});

it('why a time is offered, or is not, is told of a time that is typed', async () => {
  const page = await mock.open('own hours');
  const form = page.getByRole('region', { name: 'Why is a time offered, or not?' });
  await form.getByRole('button', { name: 'Explain' }).click();
  await form.getByText('Give a time.').waitFor();
  await form.getByLabel('Day', { exact: true }).fill(holiday);
  await form.getByLabel('Time', { exact: true }).fill('10:00');
  await form.getByRole('button', { name: 'Explain' }).click();
  await form.getByText('That day is a public holiday.').waitFor();
  await form.getByLabel('Time', { exact: true }).fill('10:30');
  // An answer is not left beside another question.
  expect(await form.getByText('That day is a public holiday.').count()).toBe(0);
});
