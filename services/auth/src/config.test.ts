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
});
