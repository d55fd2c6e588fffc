import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { serveMock } from '../mock/main.ts';
import { openChromium } from './chromium.ts';
import { goTo, type Place, places } from './places.ts';
import { visit } from './visit.ts';

let browser: Browser;
let mock: Awaited<ReturnType<typeof serveMock>>;

beforeAll(async () => {
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  [mock, browser] = await Promise.all([serveMock(0), openChromium(chromium)]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await mock?.stop();
});

const want = (path: string, words: Record<string, string> = {}) =>
  fetch(`${mock.address}/mock/${path}`, { method: 'POST', body: new URLSearchParams(words), redirect: 'manual' });

async function openOffer() {
  const { page, close } = await visit(browser, mock.address, { screen: 'phone' });
  onTestFinished(close);
  await goTo(page, places.find(({ name }) => name === 'offer') as Place);
  return page;
}

it('somebody who comes too late for an offer hears so and where else to go; who comes in time has it booked', async () => {
  const page = await openOffer();
  await want('faults', { operation: 'POST /api/waiting-list/{id}/accept', answers: '409', times: '1' });
  await page.getByRole('button', { name: 'Take this time' }).click();
  await page.getByRole('alert').getByText('Somebody else has just taken this time').waitFor();
  expect(await page.getByRole('link', { name: 'See the free times' }).getAttribute('href')).toContain('/book/');
  await page.getByRole('button', { name: 'Take this time' }).click();
  await page.getByRole('heading', { name: 'Your appointment' }).waitFor();
  await page.goBack();
  await page.getByText('The time was taken: it is booked').waitFor();
  expect(await page.getByRole('button', { name: 'Take this time' }).count()).toBe(0);
});

it('somebody who fills in too little is told what; joined, they can think better of leaving', async () => {
  const page = await openOffer();
  const before = places.find(({ name }) => name === 'wait for a time') as Place;
  await goTo(page, before);
  await page.getByRole('checkbox', { name: /^Consultation/ }).uncheck();
  await page.getByRole('button', { name: 'Wait for a time' }).click();
  await page.getByText('Choose at least one.').waitFor();
  // What was chosen outlives a reload.
  await page.getByRole('checkbox', { name: /^Certificat/ }).check();
  await goTo(page, before);
  expect(await page.getByRole('checkbox', { name: /^Certificat/ }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Wait for a time' }).click();
  await page.getByRole('heading', { name: 'On the waiting list' }).waitFor();
  await page.getByRole('button', { name: 'Wait no longer' }).click();
  await page.getByText('About to be taken off the list').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('About to be taken off the list').waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: 'Wait no longer' }).isEnabled()).toBe(true);
});
