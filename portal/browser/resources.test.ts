import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const line = (page: Page, name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });

it('a room is added once though no answer came first, renamed, and taken out of use and back', async () => {
  const page = await mock.open('rooms and devices');
  await page.getByLabel('Name').fill('Salle 7');
  await page.getByRole('radio', { name: 'room' }).check();
  await page.getByLabel('Where does it stand?').selectOption({ index: 1 });
  await page.reload();
  expect(await page.getByLabel('Name').inputValue()).toBe('Salle 7');
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.push(request.headers()['idempotency-key']);
  });
  await mock.want('faults', { operation: 'POST /api/resources', answers: 'offline', times: '1' });
  await press(page, 'Add');
  await page.getByText('It will not be done twice').waitFor();
  await press(page, 'Add');
  await page.getByText('“Salle 7” was added').waitFor();
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(await line(page, 'Salle 7').count()).toBe(1);
  await press(page, 'Change: Salle 7');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Salle 8');
  await mock.want('faults', { operation: 'PUT /api/resources/{id}', answers: '412', times: '1' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you had it open').waitFor();
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Salle 8');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await press(page, 'Take out of use: Salle 8');
  await line(page, 'Salle 8').getByText('out of use', { exact: true }).waitFor();
  await press(page, 'Take back into use: Salle 8');
  await page.getByRole('button', { name: 'Take out of use: Salle 8' }).waitFor();
});
