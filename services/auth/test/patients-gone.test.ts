import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import {
  type Auth,
  buildUser,
  cookieOf,
  goodPassword,
  patientEvent,
  refresh,
  signIn,
  startAuthForTest,
  told,
  until,
} from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

async function hear(type: string, data: object) {
  const event = patientEvent(type, data);
  // As often as a broker may deliver it.
  for (let i = 0; i < 2; i += 1) {
    expect((await auth.hear('patient', event)).body.statuses).toMatchObject([{ status: 'SUCCESS' }]);
  }
}
const merge = (patientId: string, mergedIntoPatientId: string) =>
  hear('patient.merged', { patientId, mergedIntoPatientId });
const erase = (patientId: string) => hear('patient.erased', { patientId });

const userOf = async (patientId: string, overrides: object = {}) =>
  buildUser(auth, { roles: ['patient'], patientId, ...overrides });
const found = async (id: string) => (await auth.admin('GET', `/api/auth/users/${id}`)).body;
const login = (email: string) => auth.anybody('POST', '/api/auth/login', { email, password: goodPassword });

describe('patient.merged', () => {
  it('makes the login of the one who left that of the one who stays, and sessions follow', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    const user = await userOf(left);
    const { cookie } = await signIn(auth, user.email);
    await merge(left, kept);
    expect(await found(user.id)).toMatchObject({ patientId: kept, version: 2 });
    const next = await refresh(auth, cookie);
    expect(decodeJwt(next.body.accessToken).patientId).toBe(kept);
    const again = await signIn(auth, user.email);
    expect(decodeJwt(again.accessToken).patientId).toBe(kept);
  });

  it('leads both logins to the one who stays when both have one', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    const [one, other] = [await userOf(left), await userOf(kept)];
    await merge(left, kept);
    for (const { email } of [one, other]) {
      expect(decodeJwt((await signIn(auth, email)).accessToken).patientId).toBe(kept);
    }
    // A third is refused as ever, and the two can be changed.
    const third = await auth.admin('POST', '/api/auth/users', {
      email: `third-${kept}@practice.example`,
      password: goodPassword,
      roles: ['patient'],
      patientId: kept,
    });
    expect([third.status, third.body.code]).toEqual([409, 'AUTH.LINK_TAKEN']);
    const change = await auth.admin('PATCH', `/api/auth/users/${one.id}`, { active: false }, { 'if-match': '"v2"' });
    expect(change.status).toBe(200);
  });

  it('comes to the same in whatever order it is heard', async () => {
    const [first, second, last] = [randomUUID(), randomUUID(), randomUUID()];
    const user = await userOf(first);
    await merge(second, last);
    await merge(first, second);
    expect((await found(user.id)).patientId).toBe(last);
  });

  it('leads a link that is made to the old id afterwards on to the one who stays', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    await merge(left, kept);
    const made = await userOf(left);
    expect(made.patientId).toBe(kept);
    const linked = await buildUser(auth, { roles: ['patient'] });
    const answer = await auth.admin(
      'PATCH',
      `/api/auth/users/${linked.id}`,
      { patientId: left },
      { 'if-match': '"v1"' },
    );
    expect([answer.status, answer.body.code]).toEqual([409, 'AUTH.LINK_TAKEN']);
  });
});

describe('patient.erased', () => {
  it('removes the login of one who was nothing but the patient: session, account and address', async () => {
    const patientId = randomUUID();
    const mark = `zzmark-${randomUUID()}`;
    const email = `${mark}@practice.example`;
    const made = await auth.admin(
      'POST',
      '/api/auth/users',
      { email, password: goodPassword, roles: ['patient'], patientId },
      { 'idempotency-key': randomUUID() },
    );
    await login(email.replace('@', '@wrong.'));
    await auth.anybody('POST', '/api/auth/login', { email, password: 'not the one at all' });
    const { cookie, call } = await signIn(auth, email);
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    const passkey = { name: `Phone of ${mark.slice(0, 40)}`, created: new Authenticator().create(options) };
    const added = await call('POST', '/api/auth/passkeys', passkey, { 'idempotency-key': randomUUID() });
    expect(added.status).toBe(201);
    await auth.anybody('POST', '/api/auth/login', { email, password: 'not the one at all' });
    const attempts = async () => (await auth.sql.query('select count(*)::int from sign_in_attempts')).rows[0].count;
    const before = await attempts();
    await erase(patientId);

    expect((await login(email)).status).toBe(401);
    const refused = await refresh(auth, cookie);
    expect([refused.status, refused.body.code, cookieOf(refused)]).toEqual([
      401,
      'AUTH.REFRESH_INVALID',
      'cabinet_refresh=',
    ]);
    expect((await found(made.body.id)).code).toBe('AUTH.NO_SUCH_USER');
    expect(await storedWith(mark.slice(0, 40))).toEqual([]);
    expect(await attempts()).toBe(before);
    await until(() => told(auth, made.body.id).includes('user.removed'));
  });

  it('leaves a colleague their own login, without the patient, and signs them out', async () => {
    const patientId = randomUUID();
    const user = await buildUser(auth, { roles: ['secretary', 'patient'], patientId });
    const { cookie } = await signIn(auth, user.email);
    await erase(patientId);
    const left = await found(user.id);
    expect(left).toMatchObject({ roles: ['secretary'], version: 2, active: true });
    expect(left).not.toHaveProperty('patientId');
    expect((await refresh(auth, cookie)).status).toBe(401);
    expect((await login(user.email)).status).toBe(200);
    await until(() => told(auth, user.id).includes('user.role-changed'));
  });

  it('comes to the same before the merge is heard as after it', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    const user = await userOf(left);
    await erase(kept);
    await merge(left, kept);
    expect((await login(user.email)).status).toBe(401);
    await merge(kept, left);
    const answer = await auth.admin('POST', '/api/auth/users', {
      email: `late-${kept}@practice.example`,
      password: goodPassword,
      roles: ['patient'],
      patientId: left,
    });
    expect([answer.status, answer.body.fields[0]]).toEqual([
      422,
      expect.objectContaining({ path: 'patientId', code: 'ERASED' }),
    ]);
  });
});

describe('user.role-changed', () => {
  const practitionerId = () => randomUUID();
  it.each([
    ['is deactivated', () => ({ active: false })],
    ['loses the role', () => ({ roles: ['secretary'], practitionerId: null })],
    ['is linked to another', () => ({ practitionerId: practitionerId() })],
  ])('tells which practitioner a user acts as no longer who %s', async (_how, change) => {
    const before = practitionerId();
    const user = await buildUser(auth, { roles: ['practitioner'], practitionerId: before });
    const answer = await auth.admin('PATCH', `/api/auth/users/${user.id}`, change(), { 'if-match': '"v1"' });
    expect(answer.status).toBe(200);
    await until(() => told(auth, user.id).includes('user.role-changed'));
    const event = auth.published.find(
      ({ type, data }) => type === 'user.role-changed' && (data as { userId: string }).userId === user.id,
    );
    expect(event?.data).toEqual({ userId: user.id, version: 2, endedPractitionerId: before });
  });
});

/** Tables that have the text anywhere. */
async function storedWith(text: string): Promise<string[]> {
  const { rows } = await auth.sql.query(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  expect(rows.length).toBeGreaterThan(5);
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await auth.sql.query(`select from "${name}" t where t::text ilike '%' || $1 || '%' limit 1`, [
      text,
    ]);
    if (rowCount) found.push(name);
  }
  return found;
}
