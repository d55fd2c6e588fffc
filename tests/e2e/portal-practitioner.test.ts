import { expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { useKeyboard } from '../support/portal.ts';
import {
  addPractitioner,
  bookToday,
  newLogin,
  type Receiving,
  registerPatient,
  signedInAs,
  signedInWith,
  zoneAtNoon,
} from '../support/practice.ts';

/** What practitioners come for, one thing after another, in the running practice and by the keyboard alone. */
let secretary: Caller;
let doctor: Caller;
let receiving: Receiving;
/** Who comes today, and who does not. */
let patient: { id: string; familyName: string };
let stranger: { id: string; familyName: string };
let visit: { id: string };

const at = useKeyboard(async () => {
  const admin = await signedInAs('admin');
  secretary = await signedInAs('secretary');
  receiving = await addPractitioner(admin, zoneAtNoon());
  [patient, stranger] = await Promise.all([registerPatient(secretary), registerPatient(secretary)]);
  visit = await bookToday(secretary, receiving, patient.id);
  const login = await newLogin(admin, { roles: ['practitioner'], practitionerId: receiving.practitionerId });
  doctor = await signedInWith(login);
  // What an appointment opens is told by events.
  await until(async () => (await doctor('GET', `/api/records/${patient.id}`)).status === 200);
  return login;
});

async function go(path: string) {
  const { visitor, keyboard } = at();
  await visitor.page.goto(path);
  return keyboard;
}

const chart = () => `/patients/${patient.id}/chart`;
const freeTime = /minutes, with /;
const statusOf = async () => (await secretary('GET', `/api/appointments/${visit.id}`)).body.status;
const record = async () => (await doctor('GET', `/api/records/${patient.id}`)).body;

async function recordVisit(what: string, status: string): Promise<void> {
  const keyboard = await go('/today');
  await keyboard.enter('button', new RegExp(`^What to do with the appointment of .*${patient.familyName}`));
  await keyboard.enter('button', what);
  await expect.poll(statusOf).toBe(status);
}

it('takes the patient who has arrived, and opens the chart of the next with one key', async () => {
  await recordVisit('Has arrived', 'arrived');
  const keyboard = await go('/today');
  await keyboard.hears(/arrived, waits/);
  await keyboard.press('Alt+Shift+N');
  await keyboard.isAt('Chart');
  await keyboard.hears(new RegExp(patient.familyName));
});

it('opens the chart by the card of the patient, scanned', async () => {
  const keyboard = await go('/today');
  await keyboard.to('link', 'Today');
  await keyboard.type(`cabinet:patient:${patient.id}`);
  await keyboard.press('Enter');
  await keyboard.isAt('Chart');
});

it('says that they asked and no allergy is known', async () => {
  const keyboard = await go(chart());
  await keyboard.enter('button', 'I asked: none is known');
  await keyboard.hears('Allergies: none known');
});

it('records an allergy with what was seen', async () => {
  const keyboard = await go(chart());
  await keyboard.enter('button', 'Record an allergy');
  await keyboard.fill('Substance', 'Penicillin');
  await keyboard.choose('Risk', 'high');
  await keyboard.enter('button', 'Add a reaction');
  await keyboard.fill('What was seen', 'Hives');
  await keyboard.enter('button', 'Put into the record');
  await keyboard.hears('Allergies: listed');
  expect((await doctor('GET', `/api/records/${patient.id}/allergies`)).body.items).toHaveLength(1);
});

it('records a condition', async () => {
  const keyboard = await go(chart());
  await keyboard.enter('button', 'Record a condition');
  await keyboard.fill('Condition', 'Migraine');
  await keyboard.press('Enter');
  await keyboard.hears('The condition is in the record');
});

it('records an encounter, and ends it', async () => {
  const keyboard = await go(chart());
  await keyboard.enter('button', 'Record an encounter');
  await keyboard.fill('Why', 'Fell from a ladder');
  await keyboard.enter('button', 'Put into the record');
  await keyboard.hears('The encounter is in the record');
  await keyboard.enter('button', /^End: /);
  await keyboard.enter('button', 'End it');
  await keyboard.hears('The encounter has ended');
});

it('writes a note, and amends it with a reason, and what it said before stays readable', async () => {
  const keyboard = await go(chart());
  await keyboard.fill('New note', 'Sleeps badly since the move.');
  await keyboard.enter('button', 'Put into the record');
  await keyboard.hears('The note is in the record');
  await keyboard.enter('button', /^Amend the note of/);
  await keyboard.fill('What it is to say', 'Sleeps well again.');
  await keyboard.fill('Why it is amended', 'Follow-up');
  await keyboard.press('Enter');
  await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.enter('button', /^Amended: what it said before/);
  await keyboard.hears(/Sleeps badly since the move/);
  expect((await record()).patientId).toBe(patient.id);
});

it('books a follow-up before the patient leaves, with three keys more', async () => {
  const keyboard = await go(chart());
  await keyboard.enter('button', 'Follow-up');
  await keyboard.page.getByRole('dialog').getByRole('button', { name: freeTime }).first().waitFor();
  await keyboard.press('Tab', 'Enter');
  await keyboard.page
    .locator(':focus')
    .and(keyboard.page.getByRole('button', { name: 'Book it' }))
    .waitFor();
  await keyboard.press('Enter');
  await keyboard.hears('The follow-up is booked');
  const { items } = (await secretary('GET', `/api/appointments?patientId=${patient.id}`)).body;
  expect(items).toHaveLength(2);
});

it('says who has been seen, and takes that back', async () => {
  await recordVisit('Has been seen', 'fulfilled');
  await recordVisit('Take back what was recorded', 'booked');
});

it('opens the record of somebody else in an emergency, in red and counted down', async () => {
  const keyboard = await go(`/patients/${stranger.id}/chart`);
  await keyboard.hears(/the record is closed to you/);
  await keyboard.fill('Why, of this patient', 'Found unconscious in the street');
  await keyboard.enter('button', 'Open the record');
  await keyboard.hears(/You read this record by an emergency access/);
  await keyboard.enter('link', 'Details');
  await keyboard.hears(/You read this record by an emergency access/);
});

it('asks why a time is not offered', async () => {
  const keyboard = await go(`/schedules/${receiving.practitionerId}`);
  await keyboard.fill('Time', '0300AM');
  await keyboard.press('Enter');
  await keyboard.hears(/The practitioner does not receive then\.|That time has passed/);
});

it('plans an absence with a look at what it does', async () => {
  const keyboard = await go(`/schedules/${receiving.practitionerId}`);
  const [year, month, day] = new Date(Date.now() + 40 * 24 * 3_600_000).toISOString().slice(0, 10).split('-');
  await keyboard.fill('First day', `${month}${day}${year}`);
  await keyboard.fill('Why, for patients whose appointment is cancelled', 'A training');
  await keyboard.press('Enter');
  await keyboard.enter('button', 'Do exactly this');
  await keyboard.hears('The absence is planned');
});

it('met no error that nobody was told of', () => expect(at().visitor.complaints).toEqual([]));
