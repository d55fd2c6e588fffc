import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { type Auth, buildUser, goodPassword, mailOf, signIn, startAuthForTest } from './support.ts';

const older = 'the secret of before, of forty characters';
const newer = 'the secret of today, of as many characters';

const codeOf = (auth: Auth, secret: string) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: auth.clock.now().getTime() });

const login = (auth: Auth, email: string, code?: string) =>
  auth.anybody('POST', '/api/auth/login', { email, password: goodPassword, code });

/** Somebody whose app, recovery codes and pending code for a password are all of the older secret. */
async function startWithOlder(url: string) {
  const auth = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [older] });
  const user = await buildUser(auth, { roles: ['patient'] });
  const { call } = await signIn(auth, user.email);
  const { secret } = (await call('POST', '/api/auth/second-factors/totp')).body;
  const confirmed = await call('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(auth, secret) });
  const [first, second] = confirmed.body.items as string[];
  return { auth, user, secret, codes: [first as string, second as string] as const };
}

it('a secret that follows another opens what that has sealed, and seals it anew, so that the older one may go', async () => {
  const url = await createDatabase('auth');
  const { auth, user, secret, codes } = await startWithOlder(url);
  await auth.stop();

  const both = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [newer, older] });
  both.clock.advanceBy(60_000);
  expect((await login(both, user.email, codeOf(both, secret))).status).toBe(200);
  expect((await login(both, user.email, codes[0])).status).toBe(200);
  await both.stop();

  const after = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [newer] });
  after.clock.advanceBy(120_000);
  expect((await login(after, user.email, codeOf(after, secret))).status).toBe(200);
  // What is kept of a recovery code is a digest, which nobody can make anew.
  expect((await login(after, user.email, codes[1])).body.code).toBe('AUTH.BAD_SECOND_FACTOR');
  await after.stop();
});

it('an app whose seed no secret opens is told to be unknown, and is set up anew once an admin has removed it', async () => {
  const url = await createDatabase('auth');
  const { auth, user, secret } = await startWithOlder(url);
  await auth.sql.query('delete from signing_key');
  await auth.stop();

  const lost = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [newer] });
  lost.clock.advanceBy(60_000);
  expect((await login(lost, user.email)).body.code).toBe('AUTH.SECOND_FACTOR_NEEDED');
  const refused = await login(lost, user.email, codeOf(lost, secret));
  expect([refused.status, refused.body.code]).toEqual([401, 'AUTH.APP_NOT_KNOWN']);
  expect((await lost.admin('DELETE', `/api/auth/users/${user.id}/second-factors`)).status).toBe(204);
  const { call } = await signIn(lost, user.email);
  expect((await call('POST', '/api/auth/second-factors/totp')).status).toBe(200);
  await lost.stop();
});

/** Somebody who has registered and shown their mail. @returns the id of the registration */
async function buildRegistration(auth: Auth, familyName: string): Promise<string> {
  const email = `${randomUUID()}@home.example`;
  const said = { familyName, givenNames: ['Claire'], birthDate: '1980-01-31', email };
  await auth.anybody('POST', '/api/auth/registrations', said);
  const { code } = await mailOf(auth, email);
  await auth.anybody('POST', '/api/auth/registrations/shown', { code, password: goodPassword });
  return (await auth.sql.query('select id from registration where email = $1', [email])).rows[0].id;
}

it('a registration that waits is sealed anew; one that no secret opens hides none behind it', async () => {
  const url = await createDatabase('auth');
  const before = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [older] });
  const waits = await buildRegistration(before, 'Sealed by the older');
  await before.stop();
  const both = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [newer, older] });
  await both.stop();

  const after = await startAuthForTest({ DATABASE_URL: url, AUTH_KEY_SECRET: [newer] });
  onTestFinished(() => after.stop());
  const lost = await buildRegistration(after, 'Lost');
  await after.sql.query("update registration set applicant_sealed = 'nothing that a key opens' where id = $1", [lost]);
  const last = await buildRegistration(after, 'Behind it');
  const listed: string[] = [];
  let next = '';
  do {
    const { body } = await after.admin('GET', `/api/auth/registrations?limit=1${next}`);
    listed.push(...body.items.map(({ id }: { id: string }) => id));
    next = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
  } while (next);
  expect(listed).toEqual([waits, last]);
});
