import { beforeEach, expect, it } from 'vitest';
import { appointments } from '../mock/agenda.ts';
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
