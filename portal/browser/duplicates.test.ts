import { expect, it } from 'vitest';
import { patients } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('the desk compares who was taken in twice, and makes them one after it was asked', async () => {
  const page = await mock.open('taken in twice');
  const line = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await line('Taken in on').getByText('differs').waitFor();
  expect(await line('Family name').getByText('differs').count()).toBe(0);
  expect(await line('Address').getByText('differs').count()).toBe(1);
  await page.getByRole('button', { name: 'They are one person' }).click();
  await mock.want('faults', { operation: 'POST /api/patients/{id}/merge', answers: '412', times: '1' });
  await page.getByRole('button', { name: 'Make them one' }).click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  await page.getByRole('button', { name: 'Make them one' }).click();
  await page.getByRole('heading', { level: 1, name: 'Details' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/patients/${patients[0]?.id}/details`);
  await page.goto(`/patients/${patients[0]?.id}/duplicates`);
  await page.getByText('Nobody was born on the same day with a similar name.').waitFor();
});
