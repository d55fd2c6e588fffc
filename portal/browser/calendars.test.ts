import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
const kept = (page: Page) => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');

it('somebody finds their calendars on a server and connects one; what opens it is in no draft and not shown again', async () => {
  const page = await mock.open('calendars');
  const find = page.getByRole('button', { name: 'Find my calendars there' });
  await find.click();
  expect(await page.getByText('This is needed.').count()).toBe(3);
  await page.getByLabel('Address of the server').fill('https://cloud.example');
  await page.getByLabel('Your name there').fill('claire');
  await page.getByLabel('Password there').fill('wrong');
  await find.click();
  await page.getByRole('alert').getByText('The calendar cannot be used like this').waitFor();
  await page.getByText('name or password are wrong').waitFor();
  expect(await kept(page)).not.toContain('wrong');
  // A reload keeps what may be kept.
  await open(page, 'calendars');
  expect(await page.getByLabel('Address of the server').inputValue()).toBe('https://cloud.example');
  expect(await page.getByLabel('Password there').inputValue()).toBe('');
  await page.getByLabel('Password there').fill('app-secret');
  await page.getByLabel('Password there').press('Enter');
  const connect = page.getByRole('button', { name: 'Connect this calendar' });
  await connect.click();
  expect(await page.getByText('This is needed.').count()).toBe(2);
  await page.getByRole('radio', { name: 'Shared with me' }).check();
  // It does not let itself be written to.
  expect(await page.getByRole('group', { name: 'What is written there' }).count()).toBe(0);
  await page.getByLabel('Name of the calendar here').fill('Team');
  expect(await kept(page)).not.toContain('app-secret');
  await mock.want('faults', { operation: 'POST /api/calendars', answers: '429', times: '1' });
  await connect.click();
  await page.getByText('That was too much at once').waitFor();
  await connect.click();
  await page.getByText('“Team” is connected').waitFor();
  await card(page, 'Team').getByText('up to date').waitFor();
  expect(await page.getByLabel('Address of the server').inputValue()).toBe('');
  expect(await kept(page)).not.toMatch(/app-secret|cloud\.example/);
});

it('a private address that is no calendar is said so at its field; Google leads back with the calendar connected', async () => {
  const page = await mock.open('calendars');
  await page.getByRole('radio', { name: 'A private address (ICS)' }).check();
  await page.getByLabel('Private address', { exact: true }).fill('https://wrong.example/a.ics');
  await page.getByLabel('Name of the calendar here').fill('Roster');
  await page.getByRole('button', { name: 'Connect this calendar' }).click();
  await page.getByText('What is at this address is not a calendar.').waitFor();
  expect(await kept(page)).not.toContain('wrong.example');
  await page.getByRole('radio', { name: 'Google' }).check();
  await page.getByLabel('Name of the calendar here').fill('At Google');
  await page.getByRole('button', { name: 'Go to Google' }).click();
  await page.waitForURL(/\/calendars\/[\w-]{36}$/);
  await card(page, 'At Google').waitFor();
});

it('a calendar that lets nobody in is given a new password; one that is not wanted can be kept after all', async () => {
  const page = await mock.open('calendars');
  const theatre = card(page, 'Operating theatre');
  await theatre.getByText('no times are offered').waitFor();
  await theatre.getByRole('button', { name: 'New password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address of the server').fill('https://cloud.example');
  await dialog.getByLabel('Your name there').fill('claire');
  await dialog.getByLabel('Password there').fill('wrong');
  await dialog.getByRole('button', { name: 'Try it and keep it' }).click();
  await dialog.getByText('name or password are wrong').waitFor();
  await dialog.getByLabel('Password there').fill('right');
  await dialog.getByRole('button', { name: 'Try it and keep it' }).click();
  await theatre.getByText('up to date').waitFor();
  await theatre.getByRole('button', { name: 'Disconnect' }).click();
  await theatre.getByText('About to be disconnected').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await theatre.getByRole('button', { name: 'Disconnect' }).waitFor();
});

it('settings that somebody else changed meanwhile are not overwritten, and what was chosen stays', async () => {
  const page = await mock.open('calendars');
  await card(page, 'Work').getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Offer no times' }).check();
  await mock.want('faults', { operation: 'PUT /api/calendars/{id}', answers: '412', times: '1' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you had it open').waitFor();
  expect(await dialog.getByRole('radio', { name: 'Offer no times' }).isChecked()).toBe(true);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
});

it('an appointment where a calendar has taken the time leads on to what can be done with it', async () => {
  const page = await mock.open('calendars');
  const conflicts = page.getByRole('region', { name: 'Conflicts with appointments' });
  await conflicts.getByText('“Work” has').first().waitFor();
  await conflicts.getByRole('button', { name: 'What to do with the appointment of Alice Martin' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
  await page.getByRole('dialog').getByRole('heading', { name: 'Move the appointment' }).waitFor();
});

it('a private address of the agenda is shown once, and can be ended', async () => {
  const page = await mock.open('calendars');
  await page.getByRole('button', { name: 'Make a new address' }).click();
  await page.getByRole('button', { name: 'Make it' }).click();
  const address = page.getByLabel('Private address', { exact: true });
  await address.waitFor();
  expect(await address.inputValue()).toMatch(/^https:.*\.ics$/);
  expect(await kept(page)).not.toContain('.ics');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the address' }).click();
  await page.getByText('Copied').waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await address.inputValue());
  await page.getByRole('button', { name: 'End the address' }).click();
  await page.getByText('The private address will be ended').waitFor();
  expect(await address.count()).toBe(0);
});
