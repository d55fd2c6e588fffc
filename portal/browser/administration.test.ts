import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { people } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
afterEach(() => mock.want('clear'));

it('a reviewer judges what they have read of an unusual access, and reads again what changed since', async () => {
  const page = await mock.open('unusual accesses');
  // Within it its reasons are items, too.
  const has = page.getByLabel('What you found');
  const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'has the same name', has });
  await line.getByLabel('What you found').fill('They are not related, and she came that day');
  const justified = line.getByRole('button', { name: 'It was justified' });
  await mock.want('faults', {
    operation: 'POST /api/patients/unusual-accesses/{accessId}/verdict',
    answers: '412',
    times: '1',
  });
  await justified.click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await line.getByLabel('What you found').inputValue()).toBe('They are not related, and she came that day');
  await justified.click();
  await line.waitFor({ state: 'detached' });
  await page.getByText('It was outside the hours of the practice.').waitFor();
});

it('the audit trail names users by their address and says why in words', async () => {
  const page = await mock.open('audit');
  const line = page.getByRole('row').filter({ hasText: 'GET /api/patients/:id' }).first();
  await line.getByText('secretary@cabinet.test').waitFor();
  await line.getByText('Secretary', { exact: true }).waitFor();
});

it('the audit trail is narrowed down by the address of a user, and all that fits is saved as a file', async () => {
  const page = await mock.open('audit');
  await page.getByRole('row').nth(20).waitFor();
  await page.getByLabel('Whose data').fill('Martin');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Give an id, or the address of somebody who signs in.').waitFor();
  await page.getByLabel('Whose data').fill('');
  await page.getByLabel('Who (id').fill('admin@cabinet.test');
  await page.getByRole('button', { name: 'Search' }).click();
  const found = page.getByRole('main');
  await found.getByText('Nothing was found that is all of this:').waitFor();
  await found.getByText('done by admin@cabinet.test').waitFor();
  await page.getByLabel('Who (id').fill('nobody@cabinet.test');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Give an id, or the address of somebody who signs in.').waitFor();
  await page.getByLabel('Who (id').fill('secretary@cabinet.test');
  await page.getByLabel('What was done').fill('PATCH /api/patients/:id');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(11);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save all that fits as a file (CSV)' }).click();
  const file = await (await saving).path();
  await page.getByText('10 lines are in the file').waitFor();
  const lines = (await readFile(file, 'utf8')).split('\r\n');
  expect(lines[0]).toBe(
    '\uFEFFservice,sequence,at,actor,roles,practitionerId,onBehalfOf,purpose,action,subjects,outcome,times,requestId,address',
  );
  expect(lines).toHaveLength(12);
  expect(lines[1]).toContain('PATCH /api/patients/:id');
  await page.getByText('npm run verify-audit').waitFor();
});

it('what was done is found in words, and by an address what names the patient whom it is of', async () => {
  const page = await mock.open('audit');
  await page.getByRole('row').nth(20).waitFor();
  await page.getByLabel('What was done').fill('Change a patient’s details');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(11);
  await page.getByLabel('What was done').fill('patients get');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect.poll(() => page.getByRole('row').filter({ hasText: 'PATCH' }).count()).toBe(0);
  await page.getByLabel('What was done').fill('merged');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('“merged” in what was done').waitFor();
  await page.getByLabel('What was done').fill('');
  await page.getByLabel('Whose data').fill('alice@cabinet.test');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await page.getByRole('row').nth(1).getByRole('cell').nth(4).getByText('alice@cabinet.test').waitFor();
});

it('a day after the last one is no search', async () => {
  const page = await mock.open('audit');
  await page.getByLabel('From day').fill('2026-11-24');
  await page.getByLabel('Until day').fill('2026-11-23');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Give a day that is not before the first.').waitFor();
});

it('one event alone is let go again, or dropped, and those like it stay', async () => {
  const page = await mock.open('dead letters');
  const booked = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'record · appointment.booked' }) });
  await booked.getByText('One by one').click();
  // What each is about, and nothing of what it says.
  await booked.getByText('it says something of appointmentId, patientId, start').first().waitFor();
  const ones = booked.getByRole('button', { name: /^Let it go again: / });
  expect(await ones.count()).toBe(2);
  await ones.first().click();
  await expect.poll(() => ones.count()).toBe(1);
  await booked.getByText('1 event,').waitFor();
  await booked.getByRole('button', { name: /^Drop it: / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Drop it' }).click();
  await booked.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'record · appointment.moved' }).waitFor();
});

it('the page of the system says what is not well, and looks at the calendars of all when it is asked to', async () => {
  const page = await mock.open('system');
  const card = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  await card('record').getByText('is not there').waitFor();
  await card('practitioner').getByText('is not asked at the moment: too many requests failed').waitFor();
  await card('appointment').getByText('1 process is spared').waitFor();
  await card('patient').getByText('is asked', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Look at all calendars' }).click();
  await page.getByText(/\d+ calendars are connected\./).waitFor();
  await page.getByText('does not let us in', { exact: true }).waitFor();
  await mock.want('faults', { operation: 'GET /api/calendars', answers: '503' });
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByRole('alert').waitFor();
});

it('how a kind of visit is booked is set with what was and what would be side by side, and nobody’s change is overwritten', async () => {
  const page = await mock.open('settings');
  await page.getByText('every practitioner of the practice').waitFor();
  const history = page.getByText('What was set before, and by whom');
  await history.click();
  await page.getByText('From the beginning, or before it was kept who changed it.').waitFor();
  await page.getByRole('main').locator('summary').nth(1).click();
  await page
    .getByRole('button', { name: /^Change how / })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Patients book at least so long before').fill('90 minutes');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Give a whole number from 0 to 129600.').waitFor();
  await dialog.getByLabel('Patients book at least so long before').fill('90');
  await dialog.getByLabel('Booked by').selectOption('the practice alone');
  const change = (name: string) => dialog.getByRole('row').filter({ hasText: name });
  expect(await change('Patients book at least').getByRole('cell').allInnerTexts()).toEqual([
    'Patients book at least so long before (minutes)',
    'until it begins',
    '90',
  ]);
  expect(await dialog.getByRole('row').count()).toBe(3);
  await mock.want('faults', { operation: 'PUT /api/schedules/{practitionerId}', answers: '412', times: '1' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you had it open').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('the practice alone').first().waitFor();
  // Who set it and what they changed stays known, and is set back in one step.
  await history.nth(1).click();
  const line = page.locator('ol > li').filter({ hasText: 'set by you' });
  await expect.poll(() => line.getByRole('row').count()).toBe(3);
  const back = page.getByRole('button', { name: 'Have visits booked as it was set then' });
  await back.click();
  await back.waitFor();
  await expect.poll(() => line.count()).toBe(2);
  await page.getByText('Nothing is set: patients and the practice book it at any time that is free.').first().waitFor();
});

it('the page of a user says how they sign in and what they did last, and signs them out at once', async () => {
  const page = await mock.open('user');
  expect(new URL(page.url()).pathname).toBe(`/users/${people[2]?.id}`);
  await page.getByText(/^Signed in last on /).waitFor();
  await page.getByText('Is signed in at 2 places now').waitFor();
  await page.getByText('Nothing that concerned somebody’s data is on record.').waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere: dr.bernard@cabinet.test' }).click();
  await page.getByText('signed out everywhere').waitFor();
  await page.getByText('Is signed in nowhere now').waitFor();
  await page.getByRole('button', { name: 'Remove the second factors' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove them' }).click();
  await page.getByText('By password alone: no passkey, and no app that makes codes').waitFor();
});
