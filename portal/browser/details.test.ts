import { expect, it } from 'vitest';
import { type Patient, patients } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('what somebody else changed meanwhile is not put back by who saves another field, and that it is saved is said', async () => {
  const page = await mock.open('details');
  const alice = patients[0] as Patient;
  await page.getByLabel('Town').fill('Villeurbanne');
  const telecom: Patient['telecom'] = [{ system: 'phone', value: '+33600000001', use: 'mobile' }];
  Object.assign(alice, { telecom, version: alice.version + 1 });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  await expect.poll(() => page.getByLabel('Telephone').inputValue()).toBe('+33600000001');
  expect(await page.getByLabel('Town').inputValue()).toBe('Villeurbanne');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect([alice.telecom[0]?.value, alice.address?.city]).toEqual(['+33600000001', 'Villeurbanne']);
});
