import { beforeAll, expect, it } from 'vitest';
import { type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { useKeyboard } from '../support/portal.ts';
import { addPractitioner, newLogin, registerPatient, signedInAs, signedInAsNew } from '../support/practice.ts';

/** What admins come for, one thing after another, in the running practice and by the keyboard alone. */
let admin: Caller;
let secretary: Caller;
let own: { email: string; password: string };
/** A secretary whom no other test knows. */
let colleague: { email: string; password: string };

const at = useKeyboard(async () => {
  [admin, secretary] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
  own = await newLogin(admin, { roles: ['admin'] });
  colleague = await newLogin(admin, { roles: ['secretary'] });
  return own;
});

/** Whom a practitioner read without leave, as an emergency. */
let emergencies: string[];
beforeAll(async () => {
  const { practitionerId } = await addPractitioner(admin);
  const doctor = await signedInAsNew(admin, { roles: ['practitioner'], practitionerId });
  emergencies = [];
  for (const _ of ['justified', 'not justified']) {
    const { id, familyName } = await registerPatient(secretary);
    const words = { reasonCode: 'urgent-symptoms', words: 'Found unconscious in the waiting room' };
    await until(async () => (await doctor('POST', `/api/records/${id}/emergency-access`, words)).status === 201);
    emergencies.push(familyName);
  }
});

async function go(path: string) {
  const { visitor, keyboard } = at();
  await visitor.page.goto(path);
  return keyboard;
}

const signIn = async (login: object) =>
  (await caller(platform().url('gateway'))('POST', '/api/auth/login', login)).status;
async function userOf({ email }: { email: string }) {
  for (let cursor = ''; ; ) {
    const { body } = await admin('GET', `/api/auth/users?limit=200${cursor && `&cursor=${cursor}`}`);
    const found = body.items.find((each: { email: string }) => each.email === email);
    if (found || !body.nextCursor) return found;
    cursor = body.nextCursor;
  }
}

it('finds a user among all, and gives them another role', async () => {
  const keyboard = await go(`/users/${(await userOf(colleague)).id}`);
  await keyboard.hears(colleague.email);
  await keyboard.tick('Administrator');
  await keyboard.enter('button', 'Save');
  await keyboard.hears(/^Saved$/);
  expect((await userOf(colleague)).roles.sort()).toEqual(['admin', 'secretary']);
});

it('invites a secretary on paper, by a code that is shown once', async () => {
  const keyboard = await go('/users/new');
  await keyboard.tick('Secretary');
  await keyboard.to('radio', 'by mail');
  await keyboard.press('ArrowDown');
  await keyboard.enter('button', 'Invite');
  await keyboard.tick('I have printed it or written it down');
  await keyboard.enter('button', 'Done');
  await keyboard.hearsNoMore('I have printed it or written it down');
});

it('searches the audit trail, and finds what they have just done', async () => {
  const keyboard = await go('/audit');
  await keyboard.fill('Who (id or address)', own.email);
  await keyboard.press('Enter');
  await keyboard.page.getByRole('row', { name: own.email }).first().waitFor();
});

it.each(['It was justified', 'It was not justified'])('reviews an emergency access: %s', async (finding) => {
  const unreviewed = async () =>
    (await admin('GET', '/api/records/emergency-accesses?unreviewed=true&limit=200')).body.items.length;
  const before = await unreviewed();
  const keyboard = await go('/emergencies');
  await keyboard.fill('What you found', 'Read the record, and asked both.');
  await keyboard.enter('button', finding);
  await expect.poll(unreviewed).toBe(before - 1);
});

it('erases a patient who asks for it, and reads the receipts of all services', async () => {
  const { id, familyName } = await registerPatient(secretary);
  const keyboard = await go('/erasures');
  await keyboard.fill('Patient', familyName);
  await keyboard.enter('button', new RegExp(familyName));
  await keyboard.fill('Type the family name, to be sure whom you erase', familyName);
  await keyboard.press('Enter');
  await keyboard.page.waitForURL(`**/patients/${id}/erasure`);
  await until(async () => {
    const { status, body } = await admin('GET', `/api/patients/${id}/erasure`);
    return status === 200 && body.isComplete !== false && !body.waitsFor?.length;
  });
  await go(`/patients/${id}/erasure`);
  await keyboard.hears('Erased');
});

it('takes over patients from a file, tried out first', async () => {
  const name = `Reprise${Array.from(String(Date.now()), (digit) => 'abcdefghij'[Number(digit)]).join('')}`;
  const keyboard = await go('/imports');
  // What a browser asks for files with is the system's own.
  const buffer = Buffer.from(`familyName,givenNames,birthDate\n${name},Aline,1971-02-03\n`);
  await keyboard.page.getByLabel('CSV file').setInputFiles({ name: 'patients.csv', mimeType: 'text/csv', buffer });
  await keyboard.enter('button', 'Try it out');
  await keyboard.hears('Tried out: nothing is stored yet');
  const found = async () => (await secretary('POST', '/api/patients/search', { q: name })).body.items;
  expect(await found()).toEqual([]);
  await keyboard.enter('button', 'Import 1 line');
  await keyboard.hears('1 line was taken in');
  expect(await found()).toMatchObject([{ familyName: name }]);
});

it('sees how the system is, and which instances are registered', async () => {
  const keyboard = await go('/users');
  await keyboard.enter('link', 'System');
  await keyboard.isAt('System');
  await keyboard.hears(/appointment/);
});

it('finds no event that could not be handled', async () => {
  const keyboard = await go('/users');
  await keyboard.enter('link', 'Dead letters');
  await keyboard.isAt('Dead letters');
});

it('lets somebody in no more, at once and everywhere, and in again', async () => {
  const keyboard = await go('/users');
  const blocks = keyboard.page.getByRole('button', { name: `Let in no more: ${colleague.email}` });
  const more = keyboard.page.getByRole('button', { name: 'Show more' });
  await blocks.or(more).first().waitFor();
  while ((await blocks.count()) === 0) {
    await keyboard.enter('button', 'Show more');
    await keyboard.page.waitForLoadState('networkidle');
  }
  expect(await signIn(colleague)).toBe(200);
  await keyboard.enter('button', `Let in no more: ${colleague.email}`);
  await keyboard.enter('button', 'Let in no more');
  await keyboard.hears('may not sign in');
  expect(await signIn(colleague)).toBe(401);
  await keyboard.enter('button', `Let in again: ${colleague.email}`);
  await keyboard.hearsNoMore('may not sign in');
  expect(await signIn(colleague)).toBe(200);
});

it('signs out, and whoever comes is at the entrance', async () => {
  const keyboard = await go('/users');
  await keyboard.enter('button', 'Sign out');
  await keyboard.page.getByRole('button', { name: 'Sign in' }).waitFor();
});

it('met no error that nobody was told of', () => expect(at().visitor.complaints).toEqual([]));
