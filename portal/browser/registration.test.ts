import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { patients } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

const kept = (page: Page) => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');

it('somebody registers with the code that was mailed, and nothing of it stays at the computer', async () => {
  const page = await mock.open('register');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  expect(await page.getByText('This is needed.').count()).toBe(4);
  await page.getByLabel('Given names').fill('Zoé Marie');
  await page.getByLabel('Family name').fill('Nguyen');
  await page.getByLabel('Born').fill('1990-02-03');
  await page.getByLabel('E-mail address').fill('zoe@example.org');
  await mock.want('faults', { operation: 'POST /api/auth/registrations', answers: '503', times: '1' });
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText('A part of the practice’s system cannot be reached').waitFor();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText('Look into your mail').waitFor();
  await page.getByLabel('Code').fill('0000');
  await page.getByLabel('New password').fill('an old grey mare likes oats');
  await page.getByRole('button', { name: 'Choose this password' }).click();
  await page.getByText('This code is not right, or is good no more.').waitFor();
  expect(await kept(page)).not.toMatch(/Nguyen|zoe@|mare/);
  await page.getByLabel('Code').fill('7k3f 9qxm 2btr'.toUpperCase().replaceAll(' ', '-'));
  await page.getByRole('button', { name: 'Choose this password' }).click();
  await page.getByText('It waits for the practice').waitFor();
});

it('somebody who forgot their password chooses another, as suitable as any', async () => {
  const page = await mock.open('another password');
  await page.getByLabel('E-mail address').fill('alice@cabinet.test');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code').fill('7K3F-9QXM-2BTR');
  await page.getByLabel('New password').fill('password1234');
  await page.getByRole('button', { name: 'Choose this password' }).click();
  await page.getByText('too easily guessed').waitFor();
  await page.getByLabel('New password').fill('an old grey mare likes oats');
  await page.getByRole('button', { name: 'Choose this password' }).click();
  await page.getByText('The password was changed').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

it('the desk says which patient registered, and refuses whom nobody knows', async () => {
  const page = await mock.open('registrations');
  const card = (name: string) =>
    page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name }) });
  const known = patients[2] as (typeof patients)[number];
  const [claim, stranger] = [card([...known.givenNames, known.familyName].join(' ')), card('Known Nobody')];
  await stranger.getByText('The practice knows nobody like them.').waitFor();
  await mock.want('faults', {
    operation: 'POST /api/auth/registrations/{id}/confirmation',
    answers: '503',
    times: '1',
  });
  await claim.getByRole('button', { name: 'It is this one' }).first().click();
  await page.getByText('A part of the practice’s system cannot be reached').waitFor();
  await claim.getByRole('button', { name: 'It is this one' }).first().click();
  await claim.waitFor({ state: 'detached' });
  await stranger.getByRole('button', { name: /^Refuse/ }).click();
  await page.getByText('will be refused').waitFor();
  await page.reload();
  await page.getByText('Nobody waits.').waitFor();
});

it('the desk is asked before it takes in somebody who is here already, and what it typed outlives a reload', async () => {
  const page = await mock.open('take in a patient');
  const known = patients[9] as (typeof patients)[number];
  await page.getByLabel('Family name').fill(known.familyName);
  await page.getByLabel('Given names').fill('Somebody Else');
  await page.getByLabel('Born').fill(known.birthDate);
  await page.reload();
  expect(await page.getByLabel('Given names').inputValue()).toBe('Somebody Else');
  await page.getByRole('button', { name: 'Take in', exact: true }).click();
  await page.getByText('Are they here already?').waitFor();
  await page.getByRole('button', { name: 'They are somebody else: take them in' }).click();
  await page.waitForURL(/\/patients\/[\w-]{36}\/book$/);
  await page.getByRole('region', { name: 'Patient' }).getByText(`Somebody ${known.familyName}`).waitFor();
  await page.goto('/patients/new');
  expect(await page.getByLabel('Given names').inputValue()).toBe('');
});
