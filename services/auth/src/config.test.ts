import { ConfigurationError } from '@cabinet/kit/config';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const environment = {
  APP_PORT: '9094',
  DAPR_HTTP_PORT: '3594',
  JWKS_URL: 'http://127.0.0.1:9094/.well-known/jwks.json',
  DATABASE_URL: 'postgres://auth:secret@127.0.0.1:5432/auth',
  AUDIT_KEYS: 'a'.repeat(32),
  PASSKEY_ORIGINS: 'https://practice.example',
};

const problemsOf = (env: NodeJS.ProcessEnv) => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
};

describe('the configuration of auth', () => {
  it('is refused in production without a secret for the keys', () => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(/^AUTH_KEY_SECRET: is needed in production/)]);
    expect(problemsOf({ ...environment, AUTH_KEY_SECRET: 'x'.repeat(32) })).toEqual([]);
  });

  it('does without one in a demonstration', () => {
    expect(problemsOf({ ...environment, CABINET_MODE: 'demonstration' })).toEqual([]);
  });

  it('refuses a short secret, and does not print it', () => {
    const [problem, ...others] = problemsOf({ ...environment, AUTH_KEY_SECRET: 'hunter2' });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^AUTH_KEY_SECRET: must have 32/);
    expect(problem).not.toContain('hunter2');
  });

  it('takes the address and the password of the first administrator only together', () => {
    const env = { ...environment, AUTH_KEY_SECRET: 'x'.repeat(32), AUTH_FIRST_ADMIN_EMAIL: 'boss@practice.example' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/go together$/)]);
    expect(problemsOf({ ...env, AUTH_FIRST_ADMIN_PASSWORD: 'an old grey mare' })).toEqual([]);
  });

  it('demands a second factor of staff in production, of nobody in a demonstration, and else as it is told', () => {
    const production = { ...environment, AUTH_KEY_SECRET: 'x'.repeat(32) };
    const demonstration = { ...environment, CABINET_MODE: 'demonstration' };
    expect(readConfig(production).SECOND_FACTOR_ROLES).toEqual(['practitioner', 'secretary', 'admin']);
    expect(readConfig(demonstration).SECOND_FACTOR_ROLES).toEqual([]);
    expect(readConfig({ ...demonstration, SECOND_FACTOR_ROLES: 'admin,patient' }).SECOND_FACTOR_ROLES).toEqual([
      'admin',
      'patient',
    ]);
    expect(readConfig({ ...production, SECOND_FACTOR_ROLES: '' }).SECOND_FACTOR_ROLES).toEqual([]);
    expect(problemsOf({ ...production, SECOND_FACTOR_ROLES: 'service' })).toHaveLength(1);
  });

  it('makes passkeys for the host of the first origin, or for the domain that is named', () => {
    const env = { ...environment, CABINET_MODE: 'demonstration', PASSKEY_ORIGINS: undefined };
    expect(readConfig(env)).toMatchObject({ PASSKEY_DOMAIN: 'localhost', PASSKEY_ORIGINS: ['http://localhost:8080'] });
    const origins = 'https://desk.practice.example,https://practice.example';
    expect(readConfig({ ...env, PASSKEY_ORIGINS: origins }).PASSKEY_DOMAIN).toBe('desk.practice.example');
    const above = readConfig({ ...env, PASSKEY_ORIGINS: origins, PASSKEY_DOMAIN: 'practice.example' });
    expect(above).toMatchObject({ PASSKEY_DOMAIN: 'practice.example', PASSKEY_ORIGINS: origins.split(',') });
    expect(problemsOf({ ...env, PASSKEY_ORIGINS: 'javascript:alert(1)' })).toHaveLength(1);
  });

  it.each([
    ['left out', undefined],
    ['of this machine', 'http://localhost:8080'],
    ['open to listeners', 'http://practice.example'],
    ['open to listeners beside a safe one', 'https://practice.example,http://desk.practice.example'],
  ])('is refused in production for pages that are not of https: %s', (_what, origins) => {
    const env = { ...environment, AUTH_KEY_SECRET: 'x'.repeat(32), PASSKEY_ORIGINS: origins };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^PASSKEY_ORIGINS: must be of https in production/)]);
    expect(problemsOf({ ...env, CABINET_MODE: 'demonstration' })).toEqual([]);
  });

  const psc = {
    id: 'psc',
    name: 'Pro Santé Connect',
    kind: 'pro-sante-connect',
    issuer: 'https://psc.example/realms/wallet',
    clientId: 'a',
  };
  const fc = {
    id: 'fc',
    name: 'FranceConnect+',
    kind: 'france-connect-plus',
    issuer: 'https://fc.example/api/v2',
    clientId: 'b',
  };
  const staff = {
    id: 'staff',
    name: 'Staff',
    kind: 'keycloak',
    issuer: 'https://id.practice.example/realms/staff',
    clientId: 'c',
  };
  const trusting = (...issuers: object[]) => ({
    ...environment,
    CABINET_MODE: 'demonstration',
    TRUSTED_ISSUERS: JSON.stringify(issuers),
  });

  it('knows of each kind of issuer what is the same for every practice', () => {
    expect(readConfig(trusting(psc, fc, staff)).TRUSTED_ISSUERS).toMatchObject([
      {
        discovery: 'https://psc.example/realms/wallet/.well-known/wallet-openid-configuration',
        scopes: ['openid', 'scope_all'],
        acr: ['eidas1'],
        signedBy: 'RS256',
      },
      {
        discovery: 'https://fc.example/api/v2/.well-known/openid-configuration',
        encryption: 'RSA-OAEP',
        signedBy: 'ES256',
      },
      { linkBy: 'confirmation', roles: {}, admins: false, acr: [] },
    ]);
    expect(readConfig({ ...environment, CABINET_MODE: 'demonstration' }).TRUSTED_ISSUERS).toEqual([]);
  });

  it.each<[string, object[]]>([
    ['no JSON object of one', [['psc']]],
    ['open to listeners', [{ ...psc, issuer: 'http://psc.example' }]],
    ['with a word that means nothing', [{ ...psc, secret: 'hunter2' }]],
    ['known twice', [psc, { ...fc, id: 'psc' }]],
    ['of another name for the same', [staff, { ...staff, id: 'other' }]],
    ['of the state, by addresses', [{ ...psc, linkBy: 'email' }]],
    ['of the state, that gives roles', [{ ...fc, roles: { doctor: 'practitioner' } }]],
    ['of the state, without a level', [{ ...psc, acr: [] }]],
    ['for patients, with admins', [{ ...fc, admins: true }]],
    ['that makes admins unasked', [{ ...staff, roles: { boss: 'admin' } }]],
    ['that makes patients', [{ ...staff, roles: { all: 'patient' } }]],
    ['whose second factor is none that is demanded', [{ ...psc, secondFactorAcr: ['eidas3'] }]],
    ['that knows us by two things', [{ ...psc, secretFile: '/a', keyFile: '/b' }]],
  ])('refuses an issuer %s', (_what, issuers) => {
    const problems = problemsOf(trusting(...issuers));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^TRUSTED_ISSUERS/);
    expect(problems.join()).not.toContain('hunter2');
  });
});
