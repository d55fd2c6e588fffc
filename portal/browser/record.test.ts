import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { practitioners } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

const nameOf = (nth: number): string => `${practitioners[nth]?.givenNames[0]} ${practitioners[nth]?.familyName}`;
const [bernard, second, fourth] = [0, 1, 3].map(nameOf) as [string, string, string];
const lineOf = (page: Page, words: string) => page.getByRole('listitem').filter({ hasText: words }).first();
const section = (page: Page, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title }) });

it('somebody reads their record in plain words, with who wrote what, and what it said before', async () => {
  const page = await mock.open('record');
  await section(page, 'Allergies').getByText('This does not mean that there are none').waitFor();
  await lineOf(page, 'Asthma').getByText('present now · confirmed · since: 2011').waitFor();
  await lineOf(page, '14 September 2026').getByText(`${bernard} · took place · at the practice`).waitFor();
  const note = lineOf(page, 'Sleeps badly since the new work.');
  await note.getByText(`Amended on 14 September 2026 by ${bernard}`).waitFor();
  expect(await page.getByText('Sleeps badly since the move.').count()).toBe(0);
  await note.getByRole('button', { name: /^Amended: what it said before ?: the note of 14 September 2026$/ }).click();
  await note.getByText('Sleeps badly since the move.').waitFor();
  await note.getByText('Why: She has not moved').waitFor();
  // An adult keeps nothing from anybody.
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await page.getByRole('link', { name: 'A copy of everything' }).click();
  await page.getByRole('heading', { level: 1, name: 'My data' }).waitFor();
});

it('names who wrote an earlier version, though the record names them no more', async () => {
  const page = await mock.open('record of a minor');
  await page.route('**/api/records/*', async (route) => {
    const record = await (await route.fetch()).json();
    const items = record.practitioners.items.slice(0, 1);
    await route.fulfill({ json: { ...record, practitioners: { state: 'complete', items } } });
  });
  await page.reload();
  const note = lineOf(page, 'Asks about contraception for a friend.');
  await note.getByText(`Amended on 11 May 2026 by ${bernard}`).waitFor();
  await note.getByRole('button', { name: 'Amended: what it said before' }).click();
  await note.getByText(second).waitFor();
  await note.getByText('Asks about contraception.', { exact: true }).waitFor();
});

it('says whose names could not be read, and shows all that they wrote', async () => {
  const page = await mock.open('account');
  await mock.want('faults', { operation: 'GET /api/practitioners', answers: '503' });
  await page.route('**/api/records/*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), practitioners: { state: 'unavailable' } } });
  });
  await open(page, 'record');
  await page.getByText('The names of practitioners are missing.').waitFor();
  const note = lineOf(page, 'Sleeps badly since the new work.');
  await note.getByText('by somebody whose name could not be read').waitFor();
  await page.unrouteAll();
  await mock.want('clear');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(`Amended on 14 September 2026 by ${bernard}`).waitFor();
  expect(await page.getByText('The names of practitioners are missing.').count()).toBe(0);
});

it('a minor keeps an entry from their guardians at once, and thinks twice before showing one', async () => {
  const page = await mock.open('record of a minor');
  const keep = page.getByRole('checkbox', { name: /^Keep from my guardians ?: Migraine$/ });
  await keep.click();
  await expect.poll(() => keep.isChecked()).toBe(true);
  await page.reload();
  await keep.waitFor();
  expect(await keep.isChecked()).toBe(true);
  await keep.uncheck();
  await page.getByText('Your guardians will be able to see this entry.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await keep.isChecked()).toBe(true);
  // Whoever goes on has decided.
  await keep.uncheck();
  await page.reload();
  await keep.waitFor();
  expect(await keep.isChecked()).toBe(false);
});

it('says, when it could not be kept from guardians, that it is not', async () => {
  const page = await mock.open('record of a minor');
  const keep = page.getByRole('checkbox', { name: /^Keep from my guardians ?: Penicillin$/ });
  const operation = 'POST /api/records/{patientId}/entries/{entryId}/keep-from-guardians';
  await mock.want('faults', { operation, answers: '503', times: '1' });
  await keep.click();
  await page.getByRole('alert').getByText('Nothing was changed.').waitFor();
  expect(await keep.isChecked()).toBe(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => keep.isChecked()).toBe(true);
});

it.each([
  ['record closed to a guardian', 'At this age the medical record is the young person’s own'],
  ['record closed to a carer', 'You act as carer, but not in the medical record'],
])('tells why, and whom to ask, and asks for nothing: %s', async (name, words) => {
  const page = await mock.open('record with nothing in it');
  await page.getByText('There is nothing to read here yet.').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, name);
  await page.getByText(words).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(asked.filter((path) => path.startsWith('/api/records/'))).toEqual([]);
});

it('somebody lets a practitioner into their record until a day, and takes it back', async () => {
  const page = await mock.open('readers');
  await lineOf(page, second).getByText('Last day:').waitFor();
  const label = `${fourth} · ${practitioners[3]?.specialities[0]?.display}`;
  await page.getByLabel('Practitioner').selectOption({ label });
  const lastDay = page.getByLabel('Last day');
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await lastDay.fill(day(500));
  await page.getByRole('button', { name: 'Let them in' }).click();
  expect(await lastDay.evaluate((field: HTMLInputElement) => field.validity.rangeOverflow)).toBe(true);
  await lastDay.fill(day(60));
  await page.reload();
  expect(await lastDay.inputValue()).toBe(day(60));
  await page.getByRole('button', { name: 'Let them in' }).click();
  await page.getByText(`${fourth} may read the record from now on`).waitFor();
  expect(await lastDay.inputValue()).toBe('');
  await lineOf(page, fourth).getByText('by the patient').waitFor();

  const back = page.getByRole('button', { name: `Take back: ${fourth}` });
  await back.click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await back.click();
  await page.reload();
  await page.getByText('2 that are over').waitFor();
  expect(await back.count()).toBe(0);
});

it('a minor keeps from their guardians whom they let in', async () => {
  const page = await mock.open('readers for a minor');
  await page.getByText('Nobody is.').waitFor();
  await page.getByLabel('Practitioner').selectOption({ index: 2 });
  await page.getByLabel('Last day').fill(new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole('checkbox', { name: 'Keep from my guardians that I let them in' }).check();
  await page.getByRole('button', { name: 'Let them in' }).click();
  await page.getByText('kept from guardians').waitFor();
});
