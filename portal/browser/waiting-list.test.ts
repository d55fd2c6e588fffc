import { expect, it } from 'vitest';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('somebody who comes too late for an offer hears so and where else to go; who comes in time has it booked', async () => {
  const page = await mock.open('offer');
  await mock.want('faults', { operation: 'POST /api/waiting-list/{id}/accept', answers: '409', times: '1' });
  await page.getByRole('button', { name: 'Take this time' }).click();
  await page.getByRole('alert').getByText('Somebody else has just taken this time').waitFor();
  expect(await page.getByRole('link', { name: 'See the free times' }).getAttribute('href')).toContain('/book/');
  await page.getByRole('button', { name: 'Take this time' }).click();
  await page.getByRole('heading', { name: 'Your appointment' }).waitFor();
  await page.goBack();
  await page.getByText('The time was taken: it is booked').waitFor();
  expect(await page.getByRole('button', { name: 'Take this time' }).count()).toBe(0);
});

it('somebody who fills in too little is told what; joined, they can think better of leaving', async () => {
  const page = await mock.open('wait for a time');
  await page.getByRole('checkbox', { name: /^Consultation/ }).uncheck();
  await page.getByRole('button', { name: 'Wait for a time' }).click();
  await page.getByText('Choose at least one.').waitFor();
  // What was chosen outlives a reload.
  await page.getByRole('checkbox', { name: /^Certificat/ }).check();
  await open(page, 'wait for a time');
  expect(await page.getByRole('checkbox', { name: /^Certificat/ }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Wait for a time' }).click();
  await page.getByRole('heading', { name: 'On the waiting list' }).waitFor();
  await page.getByRole('button', { name: 'Wait no longer' }).click();
  await page.getByText('About to be taken off the list').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('About to be taken off the list').waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: 'Wait no longer' }).isEnabled()).toBe(true);
});
