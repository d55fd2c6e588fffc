import { expect, it } from 'vitest';
import { type Caller, caller } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { useKeyboard } from '../support/portal.ts';
import { addPractitioner, newLogin, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';

/** What patients come for, one thing after another, in the running practice and by the keyboard alone. */
let secretary: Caller;
let receiving: Receiving;
let doctor: string;
let patient: { id: string; familyName: string };
let carer: { id: string; familyName: string };
let login: { email: string; password: string };

const at = useKeyboard(async () => {
  const admin = await signedInAs('admin');
  secretary = await signedInAs('secretary');
  receiving = await addPractitioner(admin);
  doctor = (await secretary('GET', `/api/practitioners/${receiving.practitionerId}`)).body.familyName;
  [patient, carer] = await Promise.all([registerPatient(secretary), registerPatient(secretary)]);
  login = await newLogin(admin, { roles: ['patient'], patientId: patient.id });
  return login;
});

async function go(path: string) {
  const { visitor, keyboard } = at();
  await visitor.page.goto(path);
  return keyboard;
}

const own = (page: string) => `/patients/${patient.id}/${page}`;
const freeTime = /minutes, with /;
const dayInWords = /^\w+day,? /;

const appointments = async (): Promise<{ id: string; status: string; start: string }[]> =>
  (await secretary('GET', `/api/appointments?patientId=${patient.id}`)).body.items;

it('finds a practitioner by name, and books in four choices', async () => {
  const keyboard = await go(own('book'));
  await keyboard.fill('Name or speciality', doctor);
  await keyboard.press('Enter');
  await keyboard.enter('link', new RegExp(doctor));
  await keyboard.isAt('What for, and when?');
  await keyboard.enter('button', freeTime);
  await keyboard.isAt('Check and book');
  await keyboard.enter('button', 'Book this appointment');
  await keyboard.hears('It is booked');
  expect(await appointments()).toMatchObject([{ status: 'booked' }]);
});

it('moves it to another time, and keeps the old one until then', async () => {
  const [before] = await appointments();
  const keyboard = await go(own('appointments'));
  await keyboard.enter('link', dayInWords);
  await keyboard.enter('link', 'Move');
  await keyboard.enter('button', freeTime);
  await keyboard.isAt('Your appointment');
  await expect.poll(async () => (await appointments())[0]?.start).not.toBe(before?.start);
  expect(await appointments()).toMatchObject([{ id: before?.id, status: 'booked' }]);
});

it('takes back that it is cancelled', async () => {
  const keyboard = await go(own('appointments'));
  await keyboard.enter('link', dayInWords);
  await keyboard.enter('button', 'Cancel the appointment');
  await keyboard.fill('Why?', 'My child is ill');
  await keyboard.press('Enter');
  await keyboard.hears(/will be cancelled/);
  await keyboard.press('Control+z');
  await keyboard.hearsNoMore(/will be cancelled/);
  expect(await appointments()).toMatchObject([{ status: 'booked' }]);
});

it('cancels it with a reason', async () => {
  const keyboard = await go(own('appointments'));
  await keyboard.enter('link', dayInWords);
  await keyboard.enter('button', 'Cancel the appointment');
  await keyboard.fill('Why?', 'I am well again');
  await keyboard.press('Enter');
  await keyboard.hears('This appointment is cancelled');
  expect(await appointments()).toMatchObject([{ status: 'cancelled' }]);
});

const waiting = async () => (await secretary('GET', `/api/waiting-list?patientId=${patient.id}`)).body.items;

it('waits for a time, and takes one that is offered', async () => {
  const keyboard = await go(own(`waiting/join/${receiving.practitionerId}`));
  await keyboard.enter('button', 'Wait for a time');
  await keyboard.isAt('On the waiting list');
  await expect.poll(async () => (await waiting())[0]?.status).toBe('proposed');
  await go(own('waiting'));
  await keyboard.hears(/A time is offered/);
  await keyboard.enter('link', /Consultation/);
  await keyboard.enter('button', 'Take this time');
  await keyboard.isAt('Your appointment');
  expect(await waiting()).toMatchObject([{ status: 'booked' }]);
});

it('changes the telephone number by which the practice reaches them', async () => {
  const keyboard = await go(own('details'));
  await keyboard.fill('Telephone', '+33612345678');
  await keyboard.press('Enter');
  await keyboard.hears(/^Saved$/);
  const phones = async () => {
    const { telecom } = (await secretary('GET', `/api/patients/${patient.id}`)).body;
    return telecom.filter(({ system }: { system: string }) => system === 'phone');
  };
  await expect.poll(phones).toMatchObject([{ value: '+33612345678' }]);
});

const related = async () => (await secretary('GET', `/api/patients/${patient.id}/related-persons`)).body.items;

it('lets somebody act for them, and ends it', async () => {
  const keyboard = await go(own('family'));
  await keyboard.fill('Their number', carer.id);
  await keyboard.enter('button', 'Let them act');
  await keyboard.hears(/may act from now on/);
  expect(await related()).toMatchObject([{ relatedPatientId: carer.id, sections: ['appointments'] }]);
  await keyboard.enter('button', /^End it/);
  await keyboard.hears(/will no longer act/);
  await keyboard.hears('Nobody does.');
  await expect.poll(related).toEqual([]);
});

it('lets a practitioner into their record, and takes that back', async () => {
  const keyboard = await go(own('readers'));
  await keyboard.choose('Practitioner', `Camille ${doctor}`);
  const [year, month, day] = new Date(Date.now() + 60 * 24 * 3_600_000).toISOString().slice(0, 10).split('-');
  await keyboard.fill('Last day', `${month}${day}${year}`);
  await keyboard.press('Enter');
  await keyboard.hears(`Camille ${doctor} may read the record from now on`);
  await keyboard.enter('button', `Take back: Camille ${doctor}`);
  await keyboard.hears(/will no longer be let in/);
  await keyboard.press('Control+z');
  await keyboard.hearsNoMore(/will no longer be let in/);
});

it('reads who looked at what is kept of them', async () => {
  const keyboard = await go(own('record'));
  await keyboard.enter('link', 'Who looked');
  await keyboard.isAt('Who looked');
  await keyboard.hears(/secretary/i);
});

it('saves a copy of all that is kept of them', async () => {
  const keyboard = await go(own('data'));
  const saved = keyboard.page.waitForEvent('download');
  await keyboard.enter('button', 'Save a copy');
  expect((await saved).suggestedFilename()).toMatch(/\.zip$/);
});

it('reads it all in French, what is wrong with a field as well', async () => {
  const keyboard = await go(own('details'));
  await keyboard.choose('Language', 'Fr');
  await keyboard.isAt('Coordonnées');
  await keyboard.fill('Téléphone', 'douze');
  await keyboard.press('Enter');
  await keyboard.hears(/n’est pas un numéro de téléphone/i);
  expect(await keyboard.page.locator('[aria-invalid=true]').count()).toBe(1);
  await keyboard.enter('button', 'Reprendre ce que j’ai saisi');
  await keyboard.choose('Langue', 'E');
  await keyboard.isAt('Details');
});

it('changes their password, after which the old one opens nothing, and signs out', async () => {
  const keyboard = await go('/account');
  await keyboard.fill('Your password now', login.password);
  await keyboard.fill('New password', 'the tide turns twice a day');
  await keyboard.press('Enter');
  await keyboard.hears('The password was changed');
  const signIn = async (password: string) =>
    (await caller(platform().url('gateway'))('POST', '/api/auth/login', { ...login, password })).status;
  expect([await signIn(login.password), await signIn('the tide turns twice a day')]).toEqual([401, 200]);
  await keyboard.enter('button', 'Sign out');
  await keyboard.page.getByRole('button', { name: 'Sign in' }).waitFor();
});

it('met no error that nobody was told of', () => expect(at().visitor.complaints).toEqual([]));
