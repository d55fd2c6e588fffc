import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { patients } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const [known] = patients;

const csv = (...lines: string[]) => ({
  name: 'patients.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`familyName,givenNames,birthDate\r\n${lines.join('\r\n')}\r\n`),
});
const file = csv(
  'Nouvelle,Zoé,1980-05-06',
  `${known?.familyName},${known?.givenNames[0]},${known?.birthDate}`,
  'Perdue,Anna,never',
);
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** What was sent of the import itself, a key each. */
function keysOf(page: Page): string[] {
  const keys: string[] = [];
  page.on('request', (request) => {
    const isReal = request.method() === 'POST' && request.url().endsWith('/import?dryRun=false');
    if (isReal) keys.push(request.headers()['idempotency-key'] ?? 'none');
  });
  return keys;
}

it('a file is tried out, imported once though no answer came first, and its refused lines are kept', async () => {
  const page = await mock.open('imports');
  const keys = keysOf(page);
  await press(page, 'Try it out');
  await page.getByText('Choose a file.').waitFor();
  await page.getByLabel('CSV file').setInputFiles(file);
  await press(page, 'Try it out');
  const report = page.getByRole('main');
  await page.getByRole('heading', { name: 'Tried out: nothing is stored yet' }).waitFor();
  await report.getByText('Line 4, birthDate: must be a date that exists, as 1980-01-31').waitFor();
  await page.getByText('1 thing to look at').click();
  await report.getByText('Line 3, phone: differs from what is known here, which is left as it is').waitFor();
  expect(patients.some(({ familyName }) => familyName === 'Nouvelle')).toBe(false);
  await mock.want('faults', { operation: 'POST /api/patients/import', answers: 'offline', times: '1' });
  await press(page, 'Import 1 line');
  await page.getByText('It will not be done twice').waitFor();
  await press(page, 'Import 1 line');
  await page.getByText('1 line was taken in').waitFor();
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(patients.filter(({ familyName }) => familyName === 'Nouvelle')).toHaveLength(1);
  const saving = page.waitForEvent('download');
  await press(page, 'Save the refused lines');
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('patients.refused.csv');
  const refused = readFileSync(await saved.path(), 'utf8');
  expect(refused).toContain('Perdue,Anna,never,birthDate: must be a date that exists');
  expect(refused).not.toContain('Nouvelle');
  await press(page, 'Import another file');
  await page.getByLabel('CSV file').setInputFiles(file);
  await press(page, 'Try it out');
  await page.getByText('There is nothing in it to take in.').waitFor();
  expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0);
});

it('what was tried out counts for that file, kind and way of writing alone, and nothing of it stays at the computer', async () => {
  const page = await mock.open('imports');
  await page.getByLabel('CSV file').setInputFiles(csv('Autre,Léa,1991-01-02'));
  await press(page, 'Try it out');
  const ready = page.getByRole('button', { name: 'Import 1 line' });
  await ready.waitFor();
  await page.getByLabel('How it was saved').selectOption('windows-1252');
  await ready.waitFor({ state: 'detached' });
  const sent = page.waitForRequest(/\/import\?dryRun=true$/);
  await press(page, 'Try it out');
  expect((await sent).headers()['content-type']).toBe('text/csv; charset=windows-1252');
  await ready.waitFor();
  await page.getByRole('radio', { name: 'Appointments' }).check();
  await ready.waitFor({ state: 'detached' });
  await press(page, 'Try it out');
  await page.getByText('The first line does not name the columns of this import').waitFor();
  await page.getByText('patientIns: is missing from the first line').waitFor();
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  expect(kept).not.toContain('Autre');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByRole('radio', { name: 'Appointments' }).waitFor();
  expect(await page.getByRole('radio', { name: 'Appointments' }).isChecked()).toBe(true);
  expect(await page.getByLabel('How it was saved').inputValue()).toBe('windows-1252');
});

it.each([
  ['413', 'This is too large'],
  ['415', 'This kind of file or letters is not taken'],
  ['422', 'Something does not fit yet'],
  ['429', 'That was too much at once'],
  ['503', 'A part of the practice’s system cannot be reached'],
  ['offline', 'No answer came'],
])('what keeps a file from being read has its sentence, and the file is still there: %s', async (answers, sentence) => {
  const page = await mock.open('imports');
  await page.getByLabel('CSV file').setInputFiles(csv('Encore,Lou,1992-02-03'));
  await mock.want('faults', { operation: 'POST /api/patients/import', answers, times: '1' });
  await press(page, 'Try it out');
  await page.getByText(sentence).waitFor();
  await press(page, 'Try it out');
  await page.getByRole('button', { name: 'Import 1 line' }).waitFor();
  expect(await page.getByText(sentence).count()).toBe(0);
});
