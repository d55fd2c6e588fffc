import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.ts';
import { type Site, Tab } from '../support/browser.ts';
import { type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, newLogin, registerPatient, signedInAs } from '../support/practice.ts';

const yearsAgo = (years: number) => `${new Date().getUTCFullYear() - years}-01-15`;
const site = (): Site => {
  const base = platform().url('gateway');
  return { address: platform().portalAddress, base, headers: { origin: base } };
};
const speaking = (authorization: string): Caller =>
  caller(platform().url('gateway'), { authorization, 'accept-language': 'en' });

async function authorizationOf(login: object): Promise<string> {
  const { status, body } = await caller(platform().url('gateway'))('POST', '/api/auth/login', login);
  if (status !== 200) throw new Error(`not signed in: ${status} ${JSON.stringify(body)}`);
  return `Bearer ${body.accessToken}`;
}
const signIn = async (login: object): Promise<Caller> => speaking(await authorizationOf(login));

/** Somebody who has a passkey, signed in by nothing else. */
async function signedInByPasskey(login: { email: string; password: string }): Promise<Caller> {
  const own = await signIn(login);
  const address = platform().portalAddress;
  const key = new Authenticator({ origin: address, rpId: new URL(address).hostname });
  const { options } = (await own('POST', '/api/auth/passkeys/challenge')).body;
  expect((await own('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options) })).status).toBe(201);
  const desk = new Tab(site());
  const asked = (await desk.json('POST', '/api/auth/login/passkey/challenge')).body.options;
  const answer = await desk.json('POST', '/api/auth/login/passkey', { signed: key.sign(asked) });
  expect([answer.status, answer.body.tokenType]).toEqual([200, 'Bearer']);
  return speaking(`Bearer ${answer.body.accessToken}`);
}

interface Seen {
  role: string;
  onBehalfOf?: string;
  text: string;
}
const accessesTo = async (as: Caller, patientId: string): Promise<Seen[]> =>
  (await as('GET', `/api/patients/${patientId}/accesses?limit=100`)).body.items;
const lineWith = (words: string, more: Partial<Seen> = {}) =>
  expect.objectContaining({ ...more, text: expect.stringContaining(words) });

it('each sees what is theirs to see, from a sign-in by passkey to the receipts of an erasure', async () => {
  const [admin, desk] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
  const receiving = await addPractitioner(admin);
  const { practitionerId, appointmentTypeId } = receiving;
  const mother = await registerPatient(desk, { birthDate: yearsAgo(43) });
  const girl = await registerPatient(desk, { birthDate: yearsAgo(16) });
  const stranger = await registerPatient(desk);
  const guardian = { relatedPatientId: mother.id, relationship: 'guardian', proof: 'birth-certificate' };
  expect((await desk('POST', `/api/patients/${girl.id}/related-persons`, guardian)).status).toBe(201);
  const loginOf = (patientId: string) => newLogin(admin, { roles: ['patient'], patientId });
  const girlToken = await authorizationOf(await loginOf(girl.id));
  const [girlSelf, strangerSelf] = [speaking(girlToken), await signIn(await loginOf(stranger.id))];
  const motherLogin = await loginOf(mother.id);
  const motherNow = () => signIn(motherLogin);
  await until(async () => (await (await motherNow())('GET', `/api/patients/${girl.id}`)).status === 200, 60_000, 1_000);

  // The practitioner delegates the agenda, in which the secretary books what the girl keeps from her mother.
  const doctor = await signedInByPasskey(await newLogin(admin, { roles: ['practitioner'], practitionerId }));
  const secretaryLogin = await newLogin(admin, { roles: ['secretary'] });
  const delegateId = (await (await signIn(secretaryLogin))('GET', '/api/auth/me')).body.id;
  const given = { delegateId, as: 'secretary', scopes: ['agenda'] };
  expect((await doctor('POST', '/api/auth/delegations', given)).status).toBe(201);
  const secretary = await signIn(secretaryLogin);
  const [start, later] = (await freeSlots(secretary, receiving)) as [string, string];
  const visit = { patientId: girl.id, practitionerId, appointmentTypeId, start };
  const secret = await secretary('POST', '/api/appointments', { ...visit, reason: 'Advice', keptFromGuardians: true });
  expect(secret.status).toBe(201);

  // It is care enough to open her record; the one of a stranger opens in an emergency alone.
  const recordOf = ({ id }: { id: string }) => `/api/records/${id}`;
  await until(async () => (await doctor('GET', recordOf(girl))).status === 200);
  const note = { text: 'She asks for advice of her own', keptFromGuardians: true };
  expect((await doctor('POST', `${recordOf(girl)}/notes`, note)).status).toBe(201);
  expect((await doctor('GET', recordOf(stranger))).body.code).toBe('RECORD.NO_CARE_RELATION');
  const emergency = { reasonCode: 'unable-to-consent', words: 'Found unconscious in the waiting room' };
  expect((await doctor('POST', `${recordOf(stranger)}/emergency-access`, emergency)).status).toBe(201);
  expect((await doctor('GET', recordOf(stranger))).body.emergencyAccess.reasonCode).toBe('unable-to-consent');

  // Both see who looked.
  await until(
    async () => (await accessesTo(girlSelf, girl.id)).some(({ text }) => text.includes('your medical record')),
    5_000,
  );
  const girlSees = await accessesTo(girlSelf, girl.id);
  expect(girlSees).toContainEqual(lineWith('your medical record', { role: 'practitioner' }));
  expect(girlSees).toContainEqual(lineWith('changed your appointments', { onBehalfOf: practitionerId }));
  await until(
    async () => (await accessesTo(strangerSelf, stranger.id)).some(({ text }) => /emergency/i.test(text)),
    5_000,
  );
  expect((await strangerSelf('GET', `${recordOf(stranger)}/emergency-accesses`)).body.items).toMatchObject([emergency]);

  // At her age what is medical, and who looked at it, is her own: her mother sees it once she opens it.
  const theirs = `/api/patients/${girl.id}`;
  const shutOut = await motherNow();
  expect((await shutOut('GET', `${recordOf(girl)}/notes`)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
  expect((await shutOut('GET', `${theirs}/accesses`)).status).toBe(403);
  const [relation] = (await girlSelf('GET', `${theirs}/related-persons`)).body.items;
  expect(relation.sections).toEqual(['details', 'appointments']);
  const opened = { opened: ['record', 'accesses'] };
  const open = () => girlSelf('PATCH', `${theirs}/related-persons/${relation.id}`, opened, { 'if-match': '"v1"' });
  expect((await open()).body.sections).toHaveLength(4);
  await until(async () => (await shutOut('GET', theirs)).status === 401, 10_000, 250);
  await until(async () => (await (await motherNow())('GET', recordOf(girl))).status === 200, 60_000, 1_000);

  // The mother sees her daughter, and neither the secret visit nor a trace of it.
  const motherCall = await motherNow();
  expect((await motherCall('GET', theirs)).body.nextVisit ?? null).toBeNull();
  const listed = await motherCall('GET', `/api/appointments?patientId=${girl.id}`);
  expect([listed.status, listed.body.items]).toEqual([200, []]);
  expect((await motherCall('GET', `/api/appointments/${secret.body.id}`)).status).toBe(404);
  const notes = await motherCall('GET', `${recordOf(girl)}/notes`);
  expect([notes.status, notes.body.items]).toEqual([200, []]);
  const motherSees = await accessesTo(motherCall, girl.id);
  expect(motherSees).not.toContainEqual(expect.objectContaining({ onBehalfOf: practitionerId }));
  expect(motherSees.filter(({ role }) => role === 'practitioner')).toEqual([]);
  // The time is taken for her as it is for any stranger.
  const free = await freeSlots(motherCall, receiving);
  expect([free.includes(start), free.includes(later)]).toEqual([false, true]);

  // The girl takes her copy, and has herself forgotten.
  const copy = await fetch(`${platform().url('gateway')}${theirs}/export`, { headers: { authorization: girlToken } });
  const files = unzipSync(new Uint8Array(await copy.arrayBuffer()));
  const text = (name: string) => new TextDecoder().decode(files[name]);
  expect(text('data/appointment.json')).toContain(secret.body.id);
  expect(text('data/record.json')).toContain(note.text);
  expect((await admin('POST', `${theirs}/erase`)).status).toBe(204);
  const erasure = async () => (await admin('GET', `${theirs}/erasure`)).body;
  await until(async () => (await erasure()).state === 'done', 60_000);
  const { receipts } = await erasure();
  expect(receipts.map(({ service }: { service: string }) => service).sort()).toEqual([
    'alert',
    'appointment',
    'auth',
    'notification',
    'patient',
    'record',
    'wearable',
  ]);
  await until(async () => (await girlSelf('GET', theirs)).status === 401, 20_000);
  expect((await (await motherNow())('GET', theirs)).status).not.toBe(200);
}, 240_000);
