import { ConfigurationError } from '@cabinet/kit/config';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const environment = {
  APP_PORT: '9094',
  DAPR_HTTP_PORT: '3594',
  JWKS_URL: 'http://127.0.0.1:9094/.well-known/jwks.json',
  DATABASE_URL: 'postgres://auth:secret@127.0.0.1:5432/auth',
  AUDIT_KEYS: 'a'.repeat(32),
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
    const env = { ...environment, CABINET_MODE: 'demonstration' };
    expect(readConfig(env)).toMatchObject({ PASSKEY_DOMAIN: 'localhost', PASSKEY_ORIGINS: ['http://localhost:8080'] });
    const origins = 'https://desk.practice.example,https://practice.example';
    expect(readConfig({ ...env, PASSKEY_ORIGINS: origins }).PASSKEY_DOMAIN).toBe('desk.practice.example');
    const above = readConfig({ ...env, PASSKEY_ORIGINS: origins, PASSKEY_DOMAIN: 'practice.example' });
    expect(above).toMatchObject({ PASSKEY_DOMAIN: 'practice.example', PASSKEY_ORIGINS: origins.split(',') });
    expect(problemsOf({ ...env, PASSKEY_ORIGINS: 'javascript:alert(1)' })).toHaveLength(1);
  });
});
