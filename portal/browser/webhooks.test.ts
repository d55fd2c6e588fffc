import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
afterEach(() => mock.want('clear'));

const line = (page: Page, words: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: words });
/** What is about to happen, happens. */
const leave = (page: Page) => page.evaluate("dispatchEvent(new Event('pagehide'))");
const kept = (page: Page) => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');

it('an administrator has a program of others told, and what it verifies by is shown once and kept nowhere', async () => {
  const page = await mock.open('other programs');
  const begin = page.getByRole('button', { name: 'Begin to tell it' });
  await begin.click();
  expect(await page.getByText('This is needed.').count()).toBe(2);
  await page.getByText('Choose at least one.').waitFor();
  await page.getByLabel('What it is called here').fill('Agenda elsewhere');
  await page.getByLabel('Address that is told').fill('http://10.0.0.7/hook');
  await page.getByRole('checkbox', { name: 'An appointment was booked' }).check();
  await begin.click();
  await page.getByText('This is no https address on the public internet.').waitFor();
  await page.getByLabel('Address that is told').fill('https://agenda.example/hook');
  await begin.click();
  await page.getByRole('heading', { name: 'The secret of Agenda elsewhere' }).waitFor();
  const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  expect(await kept(page)).not.toContain(secret);
  const done = page.getByRole('button', { name: 'Done' });
  expect(await done.isEnabled()).toBe(false);
  await page.getByRole('checkbox', { name: 'I have entered it there, or kept it' }).check();
  await done.click();
  expect(await page.getByText(secret).count()).toBe(0);
  await line(page, 'Agenda elsewhere').getByText('told of 1 kind of event').waitFor();
  // What was typed is no draft any more.
  expect(await page.getByLabel('What it is called here').inputValue()).toBe('');
});

it('what a program was told is shown with each attempt, and told once more under the id that it had', async () => {
  const page = await mock.open('another program');
  const waits = line(page, 'An appointment was moved');
  await waits.getByText('Is tried').waitFor();
  expect(await waits.getByRole('button').count()).toBe(0);
  const failed = line(page, 'An appointment was cancelled').filter({ hasText: 'Failed' });
  await failed.getByText('1 attempt').click();
  await failed.getByText('answered 302, which leads elsewhere').waitFor();
  const id = await failed.locator('code').innerText();
  const asked = page.waitForRequest((request) => request.url().endsWith(`/deliveries/${id}/replay`));
  await failed.getByRole('button', { name: /^Tell it once more: An appointment was cancelled, / }).click();
  expect((await asked).headers()['idempotency-key']).toBeDefined();
  const again = line(page, 'An appointment was cancelled').filter({ hasText: '2 attempts' });
  await again.getByText('Was taken', { exact: true }).waitFor();
});

it('a new key is shown once, and it is said that the present one ends within a day', async () => {
  const page = await mock.open('another program');
  await page.getByRole('button', { name: 'Make a new key' }).click();
  // It was replaced already less than a day ago.
  await page.getByText('the key from before then ends now').waitFor();
  await page.getByRole('button', { name: 'Make it', exact: true }).click();
  await page.getByRole('heading', { name: 'The secret of Laboratory' }).waitFor();
  await page.getByText('signed by 2 keys, of which one ends within a day').waitFor();
});

it('a program that wants nothing more is told nothing, until somebody has it told again', async () => {
  const page = await mock.open('another program that wants nothing more');
  await page.getByText('it answered that it wants nothing more (410)').waitFor();
  await page.getByRole('button', { name: 'Tell it again from now on' }).click();
  await expect.poll(() => page.getByText('It is told nothing').count()).toBe(0);
  await page.getByText(/^whpk_/).waitFor();
});

it('a program is told no more ten seconds after somebody said so, unless they take it back', async () => {
  const page = await mock.open('another program');
  const remove = page.getByRole('button', { name: 'Tell it no more' });
  await remove.click();
  await page.getByRole('heading', { name: 'Other programs' }).waitFor();
  await page.getByText('Laboratory will be told no more').first().waitFor();
  await page.keyboard.press('Control+z');
  await line(page, 'Laboratory').first().waitFor();
  await page.getByRole('link', { name: 'Laboratory', exact: true }).click();
  await remove.click();
  await leave(page);
  await expect.poll(() => page.getByRole('link', { name: 'Laboratory', exact: true }).count()).toBe(0);
});
