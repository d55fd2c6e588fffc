import { expect, it } from 'vitest';
import type { Keyboard } from '../../portal/browser/keyboard/keyboard.ts';
import type { Caller } from '../support/http.ts';
import { useKeyboard } from '../support/portal.ts';
import {
  addPractitioner,
  freeSlots,
  newLogin,
  newName,
  type Receiving,
  registerPatient,
  signedInAs,
  zoneAtNoon,
} from '../support/practice.ts';

/** What secretaries come for, one thing after another, in the running practice and by the keyboard alone. */
let desk: Caller;
let receiving: Receiving;
let patient: { id: string; familyName: string };
/** On a day to come on which one patient comes. */
let visit: { id: string; start: string };
let agenda: string;

const at = useKeyboard(async () => {
  const admin = await signedInAs('admin');
  desk = await signedInAs('secretary');
  receiving = await addPractitioner(admin, zoneAtNoon());
  patient = await registerPatient(desk);
  const [start] = (await freeSlots(desk, receiving)).slice(4);
  const { practitionerId, appointmentTypeId } = receiving;
  const { body } = await desk('POST', '/api/appointments', {
    ...{ practitionerId, appointmentTypeId, patientId: patient.id, start },
  });
  visit = body;
  const day = new Intl.DateTimeFormat('sv', { timeZone: body.zone }).format(new Date(body.start));
  agenda = `/agendas?day=${day}&who=${practitionerId}`;
  return newLogin(admin, { roles: ['secretary'] });
});

async function go(path: string): Promise<Keyboard> {
  const { visitor, keyboard } = at();
  await visitor.page.goto(path);
  return keyboard;
}

const freeTime = /minutes, with /;
/** What each stop of an agenda is called. */
const stop = /^\d\d:\d\d ?– ?\d\d:\d\d/;
const stored = async () => (await desk('GET', `/api/appointments/${visit.id}`)).body;
const visitsOf = async (id: string) => (await desk('GET', `/api/appointments?patientId=${id}`)).body.items;

/** At that appointment in the agenda. */
async function toVisit(): Promise<Keyboard> {
  const keyboard = await go(agenda);
  const entry = `[data-appointment="${visit.id}"]`;
  await keyboard.page.locator(entry).waitFor();
  await keyboard.to('button', stop);
  for (let steps = 0; steps < 60; steps += 1) {
    if ((await keyboard.page.locator(`${entry}:focus`).count()) > 0) return keyboard;
    await keyboard.press('ArrowDown');
  }
  throw new Error('no arrow leads to the appointment');
}

it('books while somebody is on the telephone, with four keys beyond the name', async () => {
  const caller = await registerPatient(desk);
  const keyboard = await go(agenda);
  await keyboard.page.locator('[data-appointment]').first().waitFor();
  await keyboard.press('F2');
  await keyboard.type(caller.familyName);
  await keyboard.hears(new RegExp(caller.familyName));
  await keyboard.press('Enter');
  const focused = keyboard.page.locator(':focus').and(keyboard.page.getByRole('button', { name: freeTime }));
  await focused.waitFor();
  await keyboard.press('Enter');
  // Read back to who calls, before it is booked.
  await keyboard.page
    .locator(':focus')
    .and(keyboard.page.getByRole('button', { name: 'Book it' }))
    .waitFor();
  await keyboard.press('Enter');
  await keyboard.hears(/^Booked: /);
  expect(await visitsOf(caller.id)).toMatchObject([{ status: 'booked' }]);
});

it('takes in somebody new on the telephone, whose name was typed already', async () => {
  const familyName = newName();
  const keyboard = await go(agenda);
  await keyboard.page.locator('[data-appointment]').first().waitFor();
  await keyboard.press('F2');
  await keyboard.type(familyName);
  await keyboard.hears('Nobody fits that.');
  await keyboard.enter('button', 'Take in a new patient');
  await keyboard.fill('Given names', 'Odile');
  await keyboard.fill('Born', '02031980');
  await keyboard.press('Enter');
  await keyboard.hears('First free times');
  const found = (await desk('POST', '/api/patients/search', { q: familyName })).body.items;
  expect(found).toMatchObject([{ familyName, birthDate: '1980-02-03' }]);
});

it('moves an appointment within the day by keys, and takes that back', async () => {
  const keyboard = await toVisit();
  await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
  await keyboard.hears(/will be moved to/);
  await keyboard.press('Control+z');
  await keyboard.hearsNoMore(/will be moved to/);
  expect((await stored()).start).toBe(visit.start);
});

it('moves it for good', async () => {
  const keyboard = await toVisit();
  await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
  await keyboard.hears(/will be moved to/);
  await expect.poll(async () => (await stored()).start).not.toBe(visit.start);
});

it('hears what is in the way of a time, and puts it there all the same with a reason', async () => {
  const { practitionerId, appointmentTypeId } = receiving;
  const [{ id: patientId }, { end }] = await Promise.all([registerPatient(desk), stored()]);
  const other = { practitionerId, appointmentTypeId, patientId, start: end };
  expect((await desk('POST', '/api/appointments', other)).status).toBe(201);
  const keyboard = await toVisit();
  await keyboard.press('m', ...Array<string>(6).fill('ArrowDown'), 'Enter');
  await keyboard.hears('Somebody else has that time.');
  await keyboard.type('The patient works until then');
  await keyboard.press('Enter');
  await keyboard.hears(/will be moved to/);
  await expect.poll(stored).toMatchObject({ start: end, overbooking: { over: ['APPOINTMENT.SLOT_TAKEN'] } });
});

it('cancels an appointment and says whose doing it is', async () => {
  const keyboard = await toVisit();
  await keyboard.press('Enter');
  await keyboard.enter('button', 'Cancel');
  await keyboard.choose('Who cancels?', 'The pr');
  await keyboard.fill('Why?', 'The doctor is ill');
  await keyboard.press('Enter');
  await keyboard.hears(/will be cancelled/);
  await expect.poll(async () => (await stored()).status).toBe('cancelled');
});

it('finds a patient, and changes where they live', async () => {
  const keyboard = await go('/patients');
  await keyboard.fill('Patient', patient.familyName);
  await keyboard.enter('button', new RegExp(patient.familyName));
  await keyboard.isAt('Appointments');
  await keyboard.enter('link', 'Details');
  await keyboard.fill('Postal code', '69100');
  await keyboard.fill('Town', 'Villeurbanne');
  await keyboard.press('Enter');
  await keyboard.hears(/^Saved$/);
  expect((await desk('GET', `/api/patients/${patient.id}`)).body.address.city).toBe('Villeurbanne');
});

it('looks at the waiting room of a practitioner', async () => {
  const keyboard = await go(`/waiting-room?who=${receiving.practitionerId}`);
  await keyboard.isAt('Waiting room');
  await keyboard.hears(/Nobody/);
});

it('prints the day of a practitioner on one sheet', async () => {
  const keyboard = await go(agenda.replace('/agendas', '/agendas/print'));
  await keyboard.to('button', 'Print');
  await keyboard.page.emulateMedia({ media: 'print' });
  const pdf = (await keyboard.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  await keyboard.page.emulateMedia({ media: null });
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
});

it('changes hours, and they are stored', async () => {
  const path = `/api/schedules/${receiving.practitionerId}`;
  const keyboard = await go(`/schedules/${receiving.practitionerId}`);
  await keyboard.tick('Sat');
  await keyboard.enter('button', 'Save the hours');
  await keyboard.hears(/^Saved$/);
  const [hours] = (await desk('GET', path)).body.hours;
  expect(hours.daysOfWeek).not.toContain('sat');
});

it('adds a practitioner, and where they receive', async () => {
  const familyName = newName();
  const keyboard = await go('/practitioners');
  await keyboard.enter('link', 'Add a practitioner');
  await keyboard.isAt('Add a practitioner');
  await keyboard.fill('Family name', familyName);
  await keyboard.fill('Given names', 'Aline');
  await keyboard.enter('button', 'Add a kind of visit');
  await keyboard.fill('Name', 'Consultation');
  await keyboard.press('Enter');
  await keyboard.isAt(`Aline ${familyName}`);
});

it('adds a room', async () => {
  const name = `Salle ${receiving.practitionerId.slice(-6)}`;
  const keyboard = await go('/resources');
  await keyboard.fill('Name', name);
  await keyboard.press('Enter');
  await keyboard.hears(`“${name}” was added`);
});

it('met no error that nobody was told of', () => expect(at().visitor.complaints).toEqual([]));
