import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keycloak, KeycloakBrowser, startKeycloak } from '../../../../tests/support/issuers/keycloak.ts';
import { issuersFromText } from '../../src/domain/trusted-issuer.js';
import { arrive, browserAt, leave, told } from '../issuers.ts';
import { practice } from '../oidc.ts';
import { type Auth, buildUser, startAuthForTest, until } from '../support.ts';

const clientSecret = randomUUID();
const password = 'an old grey mare likes oats';
const realm = '/admin/realms/staff';

let keycloak: Keycloak;
let auth: Auth;

beforeAll(async () => {
  keycloak = await startKeycloak();
  const secretFile = join(mkdtempSync(join(tmpdir(), 'keycloak-')), 'secret');
  writeFileSync(secretFile, clientSecret);
  const trusted = {
    id: 'staff',
    name: 'Staff',
    kind: 'keycloak',
    issuer: `${keycloak.url}/realms/staff`,
    clientId: 'cabinet',
    secretFile,
    linkBy: 'email',
    roles: { doctor: 'practitioner', desk: 'secretary' },
  };
  auth = await startAuthForTest(
    { PASSKEY_ORIGINS: [practice], TRUSTED_ISSUERS: issuersFromText.parse(JSON.stringify([trusted])) },
    {},
    new Date().toISOString(),
  );
  const made = await keycloak.ask('POST', '/admin/realms', {
    realm: 'staff',
    enabled: true,
    sslRequired: 'none',
    roles: { realm: [{ name: 'doctor' }, { name: 'desk' }, { name: 'admin' }] },
    clients: [
      {
        clientId: 'cabinet',
        secret: clientSecret,
        redirectUris: [`${practice}/api/auth/login/issuers/staff/callback`],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'post.logout.redirect.uris': `${practice}/`,
          'backchannel.logout.url': `${auth.base}/api/oidc/issuers/staff/sign-outs`,
          'backchannel.logout.session.required': 'true',
        },
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
      },
    ],
  });
  if (made.status !== 201) throw new Error(`no realm: ${made.status} ${JSON.stringify(made.body)}`);
});
afterAll(async () => {
  await auth?.stop();
  await keycloak?.stop();
});

/** Somebody at Keycloak and, by their address, here. */
async function colleague(realmRoles: string[]) {
  const user = await buildUser(auth);
  const made = await keycloak.ask('POST', `${realm}/users`, {
    username: user.email,
    email: user.email,
    emailVerified: true,
    enabled: true,
    firstName: 'Camille',
    lastName: 'Martin',
    credentials: [{ type: 'password', value: password, temporary: false }],
  });
  if (made.status !== 201) throw new Error(`no user: ${made.status} ${JSON.stringify(made.body)}`);
  const id = made.headers.get('location')?.split('/').at(-1) as string;
  const roles = async () => (await keycloak.ask('GET', `${realm}/roles`)).body as { name: string }[];
  const change = async (method: string, names: string[]) =>
    keycloak.ask(
      method,
      `${realm}/users/${id}/role-mappings/realm`,
      (await roles()).filter(({ name }) => names.includes(name)),
    );
  await change('POST', realmRoles);
  return { user, id, change };
}

/** Comes by Keycloak, at a browser of their own. */
async function come(email: string, there = new KeycloakBrowser(), tab = browserAt(auth)) {
  const at = await there.signIn(await leave(tab, 'staff'), email, password);
  return { there, tab, at, answer: await arrive(tab, at) };
}

const rolesOf = async (id: string) => (await auth.admin('GET', `/api/auth/users/${id}`)).body.roles;

describe('Keycloak', () => {
  it('signs in a colleague with the roles that its own stand for, and makes none an admin', async () => {
    const { user, change } = await colleague(['doctor', 'admin']);
    const { answer, at } = await come(user.email);
    expect(at.searchParams.get('iss')).toBe(`${keycloak.url}/realms/staff`);
    expect(decodeJwt(answer.body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['practitioner'] });
    await change('POST', ['desk']);
    await change('DELETE', ['doctor']);
    await come(user.email);
    expect(await rolesOf(user.id)).toEqual(['secretary']);
    await change('DELETE', ['desk']);
    expect(told((await come(user.email)).answer)).toEqual([403, 'AUTH.NO_ROLE_THERE']);
  });

  it('signs in by a key that it has changed since', async () => {
    const { user } = await colleague(['desk']);
    const first = await come(user.email);
    expect(first.answer.status).toBe(200);
    const keyOf = async ({ tab }: typeof first) => {
      const { continueAt } = (await tab.json('POST', '/api/auth/logout/issuer')).body;
      return decodeProtectedHeader(new URL(continueAt).searchParams.get('id_token_hint') as string).kid;
    };
    const before = await keyOf(first);
    const { id: parentId } = (await keycloak.ask('GET', realm)).body;
    const made = await keycloak.ask('POST', `${realm}/components`, {
      name: 'another key',
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      parentId,
      config: { priority: ['1000'], enabled: ['true'], active: ['true'], keySize: ['2048'], algorithm: ['RS256'] },
    });
    expect(made.status).toBe(201);
    const second = await come(user.email);
    expect(second.answer.status).toBe(200);
    expect(await keyOf(second)).not.toBe(before);
  });

  it('is signed out of by signing out here', async () => {
    const { user, id } = await colleague(['desk']);
    const { there, tab } = await come(user.email);
    const sessions = async () => (await keycloak.ask('GET', `${realm}/users/${id}/sessions`)).body.length;
    expect(await sessions()).toBe(1);
    const { continueAt } = (await tab.json('POST', '/api/auth/logout/issuer')).body;
    expect(await there.leadOn(continueAt)).toBe(`${practice}/`);
    await until(async () => (await sessions()) === 0);
  });

  it('ends what follows a session of its own when that ends', async () => {
    const { user, id } = await colleague(['desk']);
    const { tab } = await come(user.email);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
    expect((await keycloak.ask('POST', `${realm}/users/${id}/logout`)).status).toBe(204);
    await until(async () => (await tab.json('POST', '/api/auth/refresh')).status === 401);
  });

  it('refuses what it has not been asked for', async () => {
    const { user } = await colleague(['desk']);
    const tab = browserAt(auth);
    const at = await new KeycloakBrowser().signIn(await leave(tab, 'staff'), user.email, password);
    at.searchParams.set('code', randomUUID());
    expect(told(await arrive(tab, at))).toEqual([401, 'AUTH.REFUSED_ELSEWHERE']);
  });
});
