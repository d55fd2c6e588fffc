import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tab } from '../../../../tests/support/browser.ts';
import { caller } from '../../../../tests/support/http.ts';
import { type Keycloak, type Realm, startKeycloak } from '../../../../tests/support/keycloak.ts';
import { issuersFromText } from '../../src/domain/trusted-issuer.ts';
import { arrive, browserAt, leave, told } from '../issuers.ts';
import { practice } from '../oidc.ts';
import { type Auth, buildUser, goodPassword, signIn, startAuthForTest } from '../support.ts';

const password = 'what its people sign in there with';
const secret = 'what the second realm knows the practice by';

/** As docs/operate.md tells operators to make it: the client, and a mapper that adds the roles to the ID token. */
const realm = (name: string, client: object): Realm => ({
  realm: name,
  sslRequired: 'none',
  roles: { realm: ['doctor', 'desk', 'cleaner'].map((role) => ({ name: role })) },
  clients: [
    {
      clientId: 'cabinet',
      standardFlowEnabled: true,
      directAccessGrantsEnabled: false,
      redirectUris: [`${practice}/api/auth/login/issuers/${name}/callback`],
      attributes: { 'post.logout.redirect.uris': `${practice}/`, 'pkce.code.challenge.method': 'S256' },
      protocolMappers: [
        {
          name: 'roles',
          protocol: 'openid-connect',
          protocolMapper: 'oidc-usermodel-realm-role-mapper',
          config: {
            'claim.name': 'realm_access.roles',
            'jsonType.label': 'String',
            multivalued: 'true',
            'id.token.claim': 'true',
          },
        },
      ],
      ...client,
    },
  ],
});

let keycloak: Keycloak;
let auth: Auth;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'issuers-'));
  const [keyFile, secretFile] = [join(folder, 'key.pem'), join(folder, 'secret')];
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(keyFile, await exportPKCS8(privateKey));
  writeFileSync(secretFile, secret);
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'practice', use: 'sig', alg: 'ES256' }],
  });
  const attributes = {
    'post.logout.redirect.uris': `${practice}/`,
    'use.jwks.string': 'true',
    'jwks.string': jwks,
    'token.endpoint.auth.signing.alg': 'ES256',
  };
  keycloak = await startKeycloak([
    realm('staff', { clientAuthenticatorType: 'client-jwt', attributes }),
    realm('locums', { secret }),
  ]);
  const roles = { doctor: 'practitioner', desk: 'secretary' };
  const trusted = ['staff', 'locums'].map((id) => ({
    id,
    name: id,
    kind: 'keycloak',
    issuer: `${keycloak.url}/realms/${id}`,
    clientId: 'cabinet',
    linkBy: 'email',
    roles,
    ...(id === 'staff' ? { keyFile } : { secretFile }),
  }));
  auth = await startAuthForTest(
    { PASSKEY_ORIGINS: [practice], TRUSTED_ISSUERS: issuersFromText.parse(JSON.stringify(trusted)) },
    {},
    new Date().toISOString(),
  );
});
afterAll(async () => {
  await auth?.stop();
  await keycloak?.stop();
});

/** @returns what has been found, or made, by its address in `location` */
async function must(method: string, path: string, body?: unknown) {
  const answer = await keycloak.admin(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return { ...answer, id: answer.headers.get('location')?.split('/').at(-1) as string };
}

async function give(user: string, roles: string[], at = 'staff', method = 'POST') {
  const all = await Promise.all(roles.map(async (role) => (await must('GET', `/${at}/roles/${role}`)).body));
  await must(method, `/${at}/users/${user}/role-mappings/realm`, all);
}

/** Somebody whom Keycloak knows. */
async function person(email: string, roles: string[], { at = 'staff', emailVerified = true } = {}) {
  const credentials = [{ type: 'password', value: password, temporary: false }];
  const names = { username: randomUUID(), firstName: 'Camille', lastName: 'Martin' };
  const { id } = await must('POST', `/${at}/users`, { ...names, email, emailVerified, enabled: true, credentials });
  await give(id, roles, at);
  return { id, username: names.username };
}

/** A browser goes to Keycloak, and its user fills in the form there. @returns the answer to the form, and where it leads */
async function fillIn(address: string, username: string, given = password) {
  const there = new Tab({ address: keycloak.url, base: keycloak.url });
  const page = await there.go(address);
  const action = /id="kc-form-login"[^>]* action="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
  if (!action) throw new Error(`no form: ${page.status} ${page.text.slice(0, 500)}`);
  return there.ask('POST', action, new URLSearchParams({ username, password: given }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
}

/** Leaves for Keycloak, signs in there, and comes back. */
async function come(username: string, tab = browserAt(auth), at = 'staff') {
  // Keycloak has the machine's clock.
  auth.clock.set(new Date());
  const { status, location } = await fillIn(await leave(tab, at), username);
  if (status !== 302 || !location) throw new Error(`not sent back: ${status}`);
  return arrive(tab, new URL(location));
}

const rolesOf = async (id: string) => (await auth.admin('GET', `/api/auth/users/${id}`)).body.roles;

describe('a Keycloak of the practice’s own', () => {
  it('signs a colleague in by the verified address, with the roles that its own ones stand for', async () => {
    const user = await buildUser(auth);
    const { username } = await person(user.email, ['doctor', 'desk', 'cleaner']);
    const { status, body } = await come(username);
    expect(status).toBe(200);
    expect(decodeJwt(body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['practitioner', 'secretary'] });
  });

  it('may know the practice by a secret instead of a key', async () => {
    const user = await buildUser(auth);
    const { username } = await person(user.email, ['desk'], { at: 'locums' });
    const { body } = await come(username, browserAt(auth), 'locums');
    expect(decodeJwt(body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['secretary'] });
  });

  it('sends nobody back whose password is wrong', async () => {
    const user = await buildUser(auth);
    const { username } = await person(user.email, ['desk']);
    const { status, location } = await fillIn(await leave(browserAt(auth), 'staff'), username, 'another password');
    expect([status, location]).toEqual([200, undefined]);
  });

  it('is not believed an address that it has not verified, nor somebody who is no user', async () => {
    const user = await buildUser(auth);
    const unverified = await person(user.email, ['desk'], { emailVerified: false });
    expect(told(await come(unverified.username))).toEqual([403, 'AUTH.NOT_LINKED']);
    const stranger = await person(`${randomUUID()}@practice.example`, ['desk']);
    expect(told(await come(stranger.username))).toEqual([403, 'AUTH.NOT_LINKED']);
  });

  it('takes a role by no longer giving it, and lets nobody in without one', async () => {
    const user = await buildUser(auth, { roles: ['practitioner', 'secretary'], practitionerId: randomUUID() });
    const { id, username } = await person(user.email, ['doctor', 'desk']);
    await come(username);
    await give(id, ['doctor'], 'staff', 'DELETE');
    await come(username);
    expect(await rolesOf(user.id)).toEqual(['secretary']);
    await give(id, ['desk'], 'staff', 'DELETE');
    expect(told(await come(username))).toEqual([403, 'AUTH.NO_ROLE_THERE']);
  });

  it('may change its keys at any moment', async () => {
    const user = await buildUser(auth);
    const { username } = await person(user.email, ['desk']);
    const idTokenOf = async (tab: Tab) => {
      const { continueAt } = (await tab.json('POST', '/api/auth/logout/issuer')).body;
      return new URL(continueAt).searchParams.get('id_token_hint') as string;
    };
    const kidNow = async () => {
      const tab = browserAt(auth);
      expect((await come(username, tab)).status).toBe(200);
      return decodeProtectedHeader(await idTokenOf(tab)).kid;
    };
    const before = await kidNow();
    await must('POST', '/staff/components', {
      name: 'newer keys',
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      parentId: (await must('GET', '/staff')).body.id,
      config: { priority: ['200'] },
    });
    expect(await kidNow()).not.toBe(before);
  });

  it('hears of a sign-out, and sends the browser back', async () => {
    const user = await buildUser(auth);
    const { id, username } = await person(user.email, ['desk']);
    const tab = browserAt(auth);
    await come(username, tab);
    const sessions = async () => (await must('GET', `/staff/users/${id}/sessions`)).body;
    expect(await sessions()).toHaveLength(1);
    const { continueAt } = (await tab.json('POST', '/api/auth/logout/issuer')).body;
    const there = new Tab({ address: keycloak.url, base: keycloak.url });
    const { status, location } = await there.ask('GET', continueAt);
    expect([status, location]).toEqual([302, `${practice}/`]);
    expect(await sessions()).toEqual([]);
  });

  it('ends what followed a session there that has ended', async () => {
    const user = await buildUser(auth);
    const { id, username } = await person(user.email, ['desk']);
    const [client] = (await must('GET', '/staff/clients?clientId=cabinet')).body;
    const attributes = {
      ...client.attributes,
      'backchannel.logout.url': `${auth.base}/api/oidc/issuers/staff/sign-outs`,
      'backchannel.logout.session.required': 'true',
    };
    await must('PUT', `/staff/clients/${client.id}`, { ...client, attributes });
    const [tab, other] = [browserAt(auth), await signIn(auth, user.email, goodPassword)];
    const { body } = await come(username, tab);
    const me = caller(auth.base, `Bearer ${body.signedIn.accessToken}`);
    expect((await me('GET', '/api/auth/me')).status).toBe(200);
    await must('POST', `/staff/users/${id}/logout`);
    await expect.poll(async () => (await me('GET', '/api/auth/me')).status).toBe(401);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    // What did not come by it goes on.
    expect((await other.call('GET', '/api/auth/me')).status).toBe(200);
  });

  it('that is away lets nobody in, while passwords go on', async () => {
    const user = await buildUser(auth);
    const { username } = await person(user.email, ['desk']);
    const tab = browserAt(auth);
    const { location } = await fillIn(await leave(tab, 'staff'), username);
    await keycloak.kill();
    expect(told(await arrive(tab, new URL(location as string)))).toEqual([503, 'AUTH.ISSUER_UNREACHABLE']);
    expect((await signIn(auth, user.email)).accessToken).toBeDefined();
  });
});
