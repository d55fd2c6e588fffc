import { expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('a practitioner delegates to a colleague, is told when they did before, and ends it', async () => {
  const page = await mock.open('delegations');
  await page.getByLabel('Who?').selectOption('secretary@cabinet.test');
  await page.getByRole('button', { name: 'Delegate', exact: true }).click();
  await page.getByText('They work for you already').waitFor();
  await page.getByLabel('Who?').selectOption('two-hats@cabinet.test');
  await page.getByRole('checkbox', { name: 'results' }).check();
  await page.reload();
  expect(await page.getByRole('checkbox', { name: 'results' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Delegate', exact: true }).click();
  await page.getByText('two-hats@cabinet.test works for you from now on').waitFor();
  const line = page.getByRole('listitem').filter({ hasText: 'two-hats@cabinet.test' });
  await line.getByText('as secretary: agenda, results').waitFor();
  await line.getByRole('button').click();
  await page.getByText('The delegation to two-hats@cabinet.test will end.').waitFor();
  // Whoever leaves has decided.
  await page.reload();
  await page.getByText('secretary@cabinet.test for').waitFor();
  expect(await line.count()).toBe(0);
});

it('a locum has a last day', async () => {
  const page = await mock.open('delegations');
  await page.getByRole('radio', { name: /locum/ }).check();
  expect(await page.getByLabel('Last day').evaluate((field: HTMLInputElement) => field.validity.valueMissing)).toBe(
    true,
  );
});

it('an admin says for whom secretaries work', async () => {
  const page = await mock.open('delegations of the practice');
  await page.getByRole('radio', { name: 'those alone who delegated to them' }).check();
  await mock.want('faults', { operation: 'PUT /api/auth/delegation-rule', answers: '412', times: '1' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('radio', { name: 'those alone who delegated to them' }).and(page.locator(':checked')).waitFor();
});
