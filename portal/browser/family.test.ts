import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { patients } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

const nameOf = (nth: number): string => `${patients[nth]?.givenNames[0]} ${patients[nth]?.familyName}`;
const [carer, guardian, neighbour] = [2, 4, 7].map(nameOf) as [string, string, string];
const lineOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();

it('somebody says in what their carer acts, and shows to a guardian what is their own by now', async () => {
  const page = await mock.open('family');
  await lineOf(page, carer).getByText('As carer, in: appointments', { exact: true }).waitFor();
  await page.getByRole('button', { name: `Change: ${carer}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: 'medical record' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await lineOf(page, carer).getByText('As carer, in: appointments, medical record').waitFor();
  // Nobody ends by themself that somebody is their guardian.
  expect(await page.getByRole('button', { name: `End it: ${guardian}` }).count()).toBe(0);
  await page.getByRole('button', { name: `Change: ${guardian}` }).click();
  // What will only end later is no choice yet.
  expect(await dialog.getByRole('checkbox').count()).toBe(1);
  await dialog.getByRole('checkbox', { name: 'medical record' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await lineOf(page, guardian).getByText('shown all the same: medical record').waitFor();
});

it('somebody chooses a carer by their number, and a wrong number is said at its field', async () => {
  const page = await mock.open('family');
  const number = page.getByLabel('Their number', { exact: true });
  await number.fill('not a number');
  await page.getByRole('button', { name: 'Let them act' }).click();
  await page.getByText('Names no patient of this practice', { exact: true }).waitFor();
  await page.reload();
  expect(await number.inputValue()).toBe('not a number');
  await number.fill(patients[7]?.id as string);
  await page.getByRole('button', { name: 'Let them act' }).click();
  await page.getByText(`${neighbour} may act from now on`).waitFor();
  await lineOf(page, neighbour).getByText('As carer, in: appointments').waitFor();
  expect(await number.inputValue()).toBe('');
});

it('the desk enters a guardian with the document that it has seen', async () => {
  const page = await mock.open('family at the desk');
  await page.getByRole('radio', { name: 'guardian' }).check();
  await page.getByRole('textbox', { name: 'Patient' }).fill(patients[7]?.familyName as string);
  await page.getByRole('search').getByRole('button', { name: neighbour }).first().click();
  await page.getByLabel('Which document have you seen?').selectOption('court-decision');
  await page.getByRole('button', { name: 'Let them act' }).click();
  await lineOf(page, neighbour).getByText('As guardian').waitFor();
  await lineOf(page, neighbour).getByText('decision of a court').waitFor();
});
