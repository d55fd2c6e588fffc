import { expect, it } from 'vitest';
import { patients } from '../mock/people.ts';
import { devices } from '../mock/readings.ts';
import { findFaults } from './axe.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const alice = patients[0]?.id;

it('a curve has its gaps as gaps, in words and in the table too, and axe finds no fault', async () => {
  const page = await mock.open('my readings');
  await page.getByRole('radio', { name: '30 days' }).click();
  await page.getByText('Nothing came: nothing is drawn there').waitFor();
  expect(await page.locator('figcaption').textContent()).toMatch(
    /^Pulse: [\d,]+ readings, from .+; \d+ gaps? without any$/,
  );
  await page.getByText('The same as a table').click();
  await page
    .getByRole('cell', { name: /^Nothing came from / })
    .first()
    .waitFor();
  expect(await findFaults(page)).toEqual([]);
});

it('each reading, hours and days are offered where they can be had, and not for a year', async () => {
  const page = await mock.open('my readings');
  const offered = () => page.getByLabel('How exactly?').locator('option').allTextContents();
  await page.getByRole('radio', { name: 'a week' }).click();
  expect(await offered()).toEqual(['each reading', 'by the hour', 'by the day']);
  await page.getByRole('radio', { name: 'a year' }).click();
  expect(await offered()).toEqual(['by the day', 'by the hour']);
  await page.getByLabel('Which measure?').selectOption({ label: 'Steps' });
  await page.getByText(/^Steps: /).waitFor();
});

it('patients read what is watched and who is told, and take nothing over into a record', async () => {
  const page = await mock.open('my readings');
  await page.getByText('Pulse above 120/min: for 15 minutes').waitFor();
  expect(await page.getByText(/^at once: /).count()).toBeGreaterThan(0);
  expect(await page.getByText(/put one into the medical record|Put into the record/).count()).toBe(0);
  await page.getByText('In an emergency call 15 (or 112)').waitFor();
});

it('a token is shown once, in no draft, and is gone when its page is loaded anew', async () => {
  const page = await mock.open('my devices');
  await page.getByLabel('What it is called').fill('Scales');
  await page.getByRole('button', { name: 'Pair it', exact: true }).click();
  const token = (await page.locator('.select-all.font-mono').textContent()) as string;
  expect(token.length).toBeGreaterThan(20);
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toContain(token);
  page.on('dialog', (dialog) => dialog.accept());
  await page.reload();
  await page.getByText('Scales').waitFor();
  expect(await page.content()).not.toContain(token);
});

it('a device that is unpaired by mistake is taken back within ten seconds', async () => {
  const page = await mock.open('my devices');
  const watch = [...devices.values()].find(({ patientId, name }) => patientId === alice && name === 'Montre');
  await page.getByRole('button', { name: 'Unpair it: Montre' }).click();
  await page.getByText('“Montre” will send nothing more').first().waitFor();
  await page.keyboard.press('ControlOrMeta+z');
  await page.getByText('“Montre” will send nothing more').first().waitFor({ state: 'detached' });
  expect(devices.get(watch?.id as string)?.unpairedAt).toBeUndefined();
});

it('the desk sees devices, and no way to what they measure', async () => {
  const page = await mock.open('devices at the desk', { screen: 'desk' });
  await page.getByText('Montre').waitFor();
  expect(await page.getByRole('link', { name: /^(Readings|What they measure)$/ }).count()).toBe(0);
});

it('who treats a patient takes a reading over, and it stands in the chart', async () => {
  const page = await mock.open('readings of a patient', { screen: 'desk' });
  await page.getByText('The same as a table').click();
  await page
    .getByRole('button', { name: /^Put into the record: / })
    .first()
    .click();
  await page.getByLabel('Note on it').fill('Asked by telephone');
  await page.getByRole('dialog').getByRole('button', { name: 'Put into the record' }).click();
  await page.getByText('in the record', { exact: true }).waitFor();
  await page.goto(`/patients/${alice}/chart`);
  await page.getByRole('heading', { name: 'Measured at home' }).waitFor();
  await page.getByText('Asked by telephone').waitFor();
});
