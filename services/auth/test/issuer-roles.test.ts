import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claims, MockIssuer } from '../../../tests/support/issuers/mock-issuer.ts';
import { issuersFromText } from '../src/domain/trusted-issuer.js';
import { browserAt, comeBy, identities, told } from './issuers.ts';
import { practice } from './oidc.ts';
import { type Auth, buildUser, startAuthForTest } from './support.ts';

let auth: Auth;
let staff: MockIssuer;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keyFile = join(mkdtempSync(join(tmpdir(), 'issuers-')), 'key.pem');
  writeFileSync(keyFile, await exportPKCS8(privateKey));
  const kind = {
    discoveryPath: '/.well-known/openid-configuration',
    signedBy: 'RS256' as const,
    scope: 'openid email',
    userinfo: false,
    encrypts: false,
    clientKey: await exportJWK(publicKey),
    namesItself: true,
  };
  staff = await new MockIssuer(kind, () => auth?.clock.now() ?? new Date()).start();
  const roles = { doctor: 'practitioner', desk: 'secretary' };
  const { issuer, clientId } = staff;
  const trusted = { id: 'staff', name: 'Staff', kind: 'keycloak', issuer, clientId, keyFile, linkBy: 'email', roles };
  auth = await startAuthForTest({
    PASSKEY_ORIGINS: [practice],
    TRUSTED_ISSUERS: issuersFromText.parse(JSON.stringify([trusted])),
  });
});
afterAll(async () => {
  await auth?.stop();
  staff?.stop();
});

const person = (email: string, roles: string[], more: Claims = {}): Claims => ({
  sub: randomUUID(),
  email,
  email_verified: true,
  realm_access: { roles },
  ...more,
});

/** Somebody comes whom the issuer gives these roles. */
async function come(email: string, roles: string[], more: Claims = {}) {
  staff.person = person(email, roles, more);
  return comeBy(browserAt(auth), 'staff', staff);
}

const rolesOf = async (id: string) => (await auth.admin('GET', `/api/auth/users/${id}`)).body.roles;

describe('an issuer of the practice’s own', () => {
  it('knows a colleague by the verified address, and gives the roles that its own ones stand for', async () => {
    const user = await buildUser(auth);
    const { body } = await come(user.email.toUpperCase(), ['doctor', 'desk', 'offline_access']);
    expect(decodeJwt(body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['practitioner', 'secretary'] });
    expect(await rolesOf(user.id)).toEqual(['practitioner', 'secretary']);
  });

  it('takes a role by no longer giving it, with the sessions that were opened with it', async () => {
    const user = await buildUser(auth, { roles: ['practitioner', 'secretary'], practitionerId: randomUUID() });
    const sub = randomUUID();
    const tab = browserAt(auth);
    staff.person = person(user.email, ['doctor', 'desk'], { sub });
    await comeBy(tab, 'staff', staff);
    await come(user.email, ['desk'], { sub });
    const { body } = await auth.admin('GET', `/api/auth/users/${user.id}`);
    expect([body.roles, body.practitionerId]).toEqual([['secretary'], undefined]);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect(told(await come(user.email, ['nothing here'], { sub }))).toEqual([403, 'AUTH.NO_ROLE_THERE']);
  });

  it('leaves alone the roles that it has no word for', async () => {
    const user = await buildUser(auth, { roles: ['secretary', 'patient'], patientId: randomUUID() });
    await come(user.email, ['doctor']);
    expect(await rolesOf(user.id)).toEqual(['patient', 'practitioner']);
  });

  it('makes nobody an admin, whatever it calls them, and lets none in', async () => {
    const user = await buildUser(auth);
    const { body } = await come(user.email, ['desk', 'admin', 'realm-admin', 'constructor', '__proto__']);
    expect(decodeJwt(body.signedIn.accessToken).roles).toEqual(['secretary']);
    const boss = await buildUser(auth, { roles: ['admin'] });
    expect(told(await come(boss.email, ['desk']))).toEqual([403, 'AUTH.NOT_FOR_YOUR_ROLE']);
    expect(await rolesOf(boss.id)).toEqual(['admin']);
  });

  it('is not believed an address that it has not verified: whoever comes waits to be confirmed', async () => {
    const user = await buildUser(auth);
    for (const email_verified of [false, undefined, 'true']) {
      expect(told(await come(user.email, ['desk'], { email_verified }))).toEqual([403, 'AUTH.NOT_LINKED']);
    }
    const waiting = await identities(auth);
    expect(waiting.filter((each: { email?: string }) => each.email === user.email)).toHaveLength(3);
  });

  it('does not give one user to two of its people', async () => {
    const user = await buildUser(auth);
    expect((await come(user.email, ['desk'])).status).toBe(200);
    expect(told(await come(user.email, ['desk']))).toEqual([403, 'AUTH.NOT_LINKED']);
  });

  it('does not make a user of somebody who is none', async () => {
    expect(told(await come(`${randomUUID()}@practice.example`, ['desk']))).toEqual([403, 'AUTH.NOT_LINKED']);
  });
});
