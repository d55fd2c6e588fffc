import { expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('somebody who asks for erasure has the letter kept as they change it', async () => {
  const page = await mock.open('my data');
  const letter = page.getByLabel('Your letter to the practice');
  expect(await letter.inputValue()).toContain('Alice Martin');
  await letter.fill('Please erase what you keep of me.');
  await page.reload();
  expect(await letter.inputValue()).toBe('Please erase what you keep of me.');
});

it('a copy that is not whole is not given, and it is said that a part is away', async () => {
  const page = await mock.open('my data');
  await mock.want('faults', { operation: 'GET /api/patients/{id}/export', answers: '503', times: '1' });
  await page.getByRole('button', { name: 'Save a copy' }).click();
  await page.getByText('A part of the practice’s system cannot be reached').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a copy' }).click();
  expect((await download).suggestedFilename()).toBe('cabinet.zip');
});

it('an admin erases nobody before the family name is typed, and then sees what waits for its receipt', async () => {
  const page = await mock.open('erase');
  await page.getByLabel(/^Type the family name/).fill('Durand');
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('This is not the family name of this patient.').waitFor();
  await page.getByLabel(/^Type the family name/).fill('martin');
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Erased; a receipt is missing').waitFor();
  expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
    'Account and sign-ins',
    'Appointments',
  ]);
});
