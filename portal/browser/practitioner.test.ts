import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { closedPatient } from '../mock/answers/records.ts';
import { type Patient, patients, practitioners } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();
const [alice, ana, ben] = [patients[0], patients[50], patients[51]] as [Patient, Patient, Patient];
const [bernard] = practitioners;
const before = structuredClone([...appointments]);

/** Somebody who is in the waiting room of Dr Bernard, whatever hour it is. */
function arrive({ id }: Patient, minutesAgo: number): void {
  const day = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
  appointments.set(`visit of ${id}`, {
    ...{ id: `visit of ${id}`, version: 1, status: 'arrived', mode: 'in-person', patientId: id },
    ...{ start: `${day}T12:00:00.000Z`, end: `${day}T12:30:00.000Z`, zone: 'Europe/Paris' },
    arrivedAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
    ...{ practitionerId: bernard?.id as string, placeId: bernard?.places[0]?.id as string },
    appointmentTypeId: bernard?.appointmentTypes[1]?.id ?? (bernard?.appointmentTypes[0]?.id as string),
    createdAt: new Date().toISOString(),
  });
}

beforeEach(() => {
  appointments.clear();
  for (const [id, appointment] of before) appointments.set(id, structuredClone(appointment));
});
afterEach(() => mock.want('clear'));

const header = (page: Page) => page.getByRole('region', { name: 'Patient', exact: true });
const isChartOf = (page: Page, { id }: Patient) =>
  page.waitForURL(({ pathname }) => pathname === `/patients/${id}/chart`);

describe('from the day to the next patient', () => {
  beforeEach(() => {
    arrive(ana, 10);
    arrive(ben, 40);
  });

  it('is one chord, from the list and from the chart of the one before; a letter alone does nothing', async () => {
    const page = await mock.open('today');
    await page.getByText(/arrived, waits for 4\d minutes/).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('Shift+N');
    expect(new URL(page.url()).pathname).toBe('/today');
    await page.keyboard.press('Alt+Shift+N');
    await isChartOf(page, ben);
    await header(page).getByText(ben.familyName).waitFor();
    await header(page)
      .getByRole('button', { name: /^Next patient/, disabled: false })
      .waitFor();
    await page.keyboard.press('Alt+Shift+N');
    await isChartOf(page, ana);
  });

  it('is not taken from under a form, nor while something is to be answered over the page', async () => {
    const page = await mock.open('chart');
    await header(page)
      .getByRole('button', { name: /^Next patient/, disabled: false })
      .waitFor();
    await page.getByLabel('New note').fill('A word');
    await header(page).getByRole('button', { name: 'Follow-up' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Alt+Shift+N');
    await isChartOf(page, alice);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+Shift+N');
    await isChartOf(page, ben);
    expect(await page.getByLabel('New note').inputValue()).toBe('');
    await open(page, 'chart');
    expect(await page.getByLabel('New note').inputValue()).toBe('A word');
  });

  it('is a card that is scanned, into the field or past it', async () => {
    const page = await mock.open('today');
    const field = page.getByLabel('Scan the card of a patient');
    await field.fill(ana.familyName);
    await field.press('Enter');
    await page.getByText('This is no card of a patient of the practice.').waitFor();
    await field.fill(`cabinet:patient:${ana.id}`);
    await field.press('Enter');
    await isChartOf(page, ana);
    await header(page).getByText(ana.familyName).waitFor();
    await page.keyboard.type(`cabinet:patient:${alice.id}`);
    await page.keyboard.press('Enter');
    await isChartOf(page, alice);
  });
});

it('a follow-up is booked of the kind of the visit, in the time that is wished; one that was just taken costs nothing', async () => {
  arrive(ana, 10);
  const page = await mock.open('today');
  await page.getByRole('button', { name: new RegExp(`^Follow-up for .*${ana.familyName}`) }).click();
  const dialog = page.getByRole('dialog');
  const kind = appointments.get(`visit of ${ana.id}`)?.appointmentTypeId;
  expect(await dialog.getByLabel('Kind of visit').inputValue()).toBe(kind);
  await dialog.getByRole('button', { name: 'in two weeks' }).click();
  const free = dialog.getByRole('button', { name: /minutes, with / }).first();
  await free.waitFor();
  await mock.want('faults', { operation: 'POST /api/appointments', answers: '409', times: '1' });
  await free.click();
  await dialog.getByRole('button', { name: 'Book it' }).click();
  await dialog.getByRole('alert').waitFor();
  await free.click();
  await dialog.getByRole('button', { name: 'Book it' }).click();
  await dialog.getByText('The follow-up is booked').waitFor();
  const last = [...appointments.values()].at(-1);
  expect(last).toMatchObject({
    patientId: ana.id,
    practitionerId: bernard?.id,
    appointmentTypeId: kind,
    status: 'booked',
  });
  expect(Date.parse(last?.start ?? '')).toBeGreaterThan(Date.now() + 13 * 24 * 3_600_000);
});

it('an emergency access is seen in red on every page of that patient, after a reload too, and on no other’s', async () => {
  const page = await mock.open('chart of somebody else');
  await header(page).getByText('Allergies: not shown, the record is closed to you').waitFor();
  const band = page.getByRole('region', { name: 'Emergency access' });
  await page.getByLabel('Why, of this patient').fill('Unconscious in the waiting room');
  await page.getByRole('button', { name: 'Open the record' }).click();
  await band.getByText(/^1:59:\d\d left$|^2:00:00 left$/).waitFor();
  await header(page).getByText('Allergies: not known').waitFor();
  await page.getByRole('navigation', { name: 'Pages of the patient' }).getByRole('link', { name: 'Details' }).click();
  await page.waitForURL(`**/patients/${closedPatient.id}/details`);
  await band.getByText(/left$/).waitFor();
  await page.reload();
  await band.getByText(/left$/).waitFor();
  await open(page, 'chart');
  await header(page).getByText('Allergies: not known').waitFor();
  expect(await band.count()).toBe(0);
});

it('whoever is no practitioner is told who reads a record, and not how to open it', async () => {
  const page = await mock.open('messages of a day');
  await page.goto(`/patients/${closedPatient.id}/chart`);
  await page.getByText('A medical record is read here by its patient').waitFor();
  expect(await page.getByText('emergency').count()).toBe(0);
  const alices = await mock.open('appointments');
  await alices.goto(`/patients/${alice.id}/chart`);
  await alices.waitForURL(`**/patients/${alice.id}/record`);
});

it('a practitioner with whom a patient has nothing reads that, and not that there is nothing', async () => {
  const page = await mock.open('today');
  await page.goto(`/patients/${patients.at(-1)?.id}/appointments`);
  await page.getByText('There is none with you; what others have with this patient is not shown.').waitFor();
});
