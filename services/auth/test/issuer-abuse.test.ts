import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../../../tests/support/browser.ts';
import type { Claims, Faults } from '../../../tests/support/issuers/mock-issuer.ts';
import {
  type AuthAndIssuers,
  browserAt,
  comeBy,
  knownPatient,
  knownPractitioner,
  startWithIssuers,
  told,
} from './issuers.ts';

let all: AuthAndIssuers;
/** People who would be signed in, if nothing was wrong. */
let people: { psc: Claims; fc: Claims };
let began: Date;

beforeAll(async () => {
  all = await startWithIssuers();
  await knownPractitioner(all);
  await knownPatient(all);
  people = { psc: all.psc.person, fc: all.fc.person };
  began = all.auth.clock.now();
});
afterEach(() => {
  all.auth.clock.set(began);
  for (const id of ['psc', 'fc'] as const) {
    all[id].faults = {};
    all[id].person = people[id];
  }
  all.psc.acr = 'eidas1';
  all.fc.acr = 'eidas2';
});
afterAll(() => all?.stop());

const cookiesOf = (tab: Tab) => tab.cookieNamed('__Secure-cabinet_refresh');

/** Refused, without a session, and good again once the fault is gone. */
async function refusedWith(id: 'psc' | 'fc', faults: Faults, refusal: [number, string]): Promise<void> {
  const tab = browserAt(all.auth);
  all[id].faults = faults;
  expect(told(await comeBy(tab, id, all[id]))).toEqual(refusal);
  expect(cookiesOf(tab)).toBeUndefined();
  all[id].faults = {};
  expect((await comeBy(tab, id, all[id])).body.signedIn).toBeDefined();
}

const now = () => Math.floor(all.auth.clock.now().getTime() / 1_000);
const notBelieved: [number, string] = [401, 'AUTH.ISSUER_NOT_BELIEVED'];

describe.each(['psc', 'fc'] as const)('an ID token of %s', (id) => {
  it.each<[string, () => (claims: Claims) => Claims]>([
    ['for another client', () => (claims) => ({ ...claims, aud: 'another' })],
    [
      'for another client besides, which is to use it',
      () => (claims) => ({ ...claims, aud: ['practice', 'another'], azp: 'another' }),
    ],
    ['of another issuer', () => (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['that has run out', () => (claims) => ({ ...claims, iat: now() - 600, exp: now() - 300 })],
    [
      'without an end',
      () =>
        ({ exp: _exp, ...claims }) =>
          claims,
    ],
    ['that is not good yet', () => (claims) => ({ ...claims, nbf: now() + 300 })],
    [
      'without what was asked',
      () =>
        ({ nonce: _nonce, ...claims }) =>
          claims,
    ],
    ['of another question', () => (claims) => ({ ...claims, nonce: 'of another sign-in' })],
    [
      'of nobody',
      () =>
        ({ sub: _sub, ...claims }) =>
          claims,
    ],
  ])('is refused: %s', (_what, change) => refusedWith(id, { idToken: change() }, notBelieved));

  it.each<Faults['signature']>(['foreign key', 'none', 'HS256'])('is refused when it is signed by %s', (signature) =>
    refusedWith(id, { signature }, notBelieved),
  );

  it.each<[string, (claims: Claims) => Claims]>([
    ['too little', (claims) => ({ ...claims, acr: 'eidas0' })],
    ['nothing', ({ acr: _acr, ...claims }) => claims],
  ])('is refused when its issuer says that %s was shown', (_what, idToken) =>
    refusedWith(id, { idToken }, [401, 'AUTH.LEVEL_TOO_LOW']),
  );

  it('is taken when the issuer has changed its key a moment ago', async () => {
    expect((await comeBy(browserAt(all.auth), id, all[id])).body.signedIn).toBeDefined();
    await all[id].rotateKey();
    expect((await comeBy(browserAt(all.auth), id, all[id])).body.signedIn).toBeDefined();
  });
});

describe('what userinfo says', () => {
  it.each(['psc', 'fc'] as const)('is refused when it is of somebody else: %s', (id) =>
    refusedWith(id, { userinfo: (claims) => ({ ...claims, sub: 'somebody else' }) }, notBelieved),
  );

  it('does not say how somebody has shown who they are', async () => {
    all.psc.acr = 'eidas0';
    all.psc.faults = { userinfo: (claims) => ({ ...claims, acr: 'eidas1' }) };
    expect(told(await comeBy(browserAt(all.auth), 'psc', all.psc))).toEqual([401, 'AUTH.LEVEL_TOO_LOW']);
  });

  it('is refused without the national number of a professional', () =>
    refusedWith('psc', { userinfo: ({ SubjectNameID: _number, ...claims }) => claims }, notBelieved));
});

describe('what FranceConnect+ tells', () => {
  it.each(['idToken', 'userinfo'] as const)('is refused when it is not encrypted: %s', (unencrypted) =>
    refusedWith('fc', { unencrypted }, notBelieved),
  );

  const ownKeys = async () => (await all.auth.anybody('GET', '/api/auth/issuers/jwks.json')).body.keys;

  it('is encrypted to keys that we publish, which have nothing private in them', async () => {
    const keys = await ownKeys();
    expect(keys).toEqual([
      { kty: 'RSA', alg: 'RSA-OAEP', use: 'enc', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
    ]);
    const { rows } = await all.auth.sql.query('select row_to_json(k)::text as text from encryption_key k');
    expect(rows[0].text).not.toContain('"d"');
  });

  it('is opened by the key of before for a week, and then by the next alone', async () => {
    const own = await startWithIssuers();
    try {
      const { auth, fc } = own;
      await knownPatient(own);
      const keyNow = async () => (await auth.anybody('GET', '/api/auth/issuers/jwks.json')).body.keys[0];
      const first = await keyNow();
      const opens = async () => (await comeBy(browserAt(auth), 'fc', fc)).body.signedIn !== undefined;
      auth.clock.advanceBy(91 * 86_400_000);
      // Another process makes the next one.
      await auth.replica();
      expect((await keyNow()).kid).not.toBe(first.kid);
      expect(await opens()).toBe(true);
      fc.faults = { encryptTo: first };
      expect(await opens()).toBe(true);
      auth.clock.advanceBy(8 * 86_400_000);
      await auth.replica();
      expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual(notBelieved);
      fc.faults = {};
      expect(await opens()).toBe(true);
    } finally {
      await own.stop();
    }
  });

  it('may be encrypted by ECDH-ES as well', async () => {
    const other = await startWithIssuers({ fc: { encryption: 'ECDH-ES' } });
    try {
      await knownPatient(other);
      expect((await comeBy(browserAt(other.auth), 'fc', other.fc)).body.signedIn).toBeDefined();
      const { keys } = (await other.auth.anybody('GET', '/api/auth/issuers/jwks.json')).body;
      expect(keys).toMatchObject([{ kty: 'EC', crv: 'P-256', alg: 'ECDH-ES', use: 'enc' }]);
    } finally {
      await other.stop();
    }
  });
});
