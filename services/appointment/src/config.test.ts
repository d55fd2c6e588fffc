import type { ConfigurationError } from '@cabinet/kit/config';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const environment = {
  APP_PORT: '9093',
  CABINET_MODE: 'demonstration',
  DAPR_HTTP_PORT: '3593',
  JWKS_URL: 'http://127.0.0.1:9094/.well-known/jwks.json',
  DATABASE_URL: 'postgres://appointment:secret@127.0.0.1:5432/appointment',
  AUDIT_KEYS: 'a'.repeat(32),
};

const problemsOf = (more: NodeJS.ProcessEnv) => {
  try {
    readConfig({ ...environment, ...more });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
};

describe('the configuration of appointment', () => {
  it('needs a secret for credentials in production, and does without one in a demonstration', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ CABINET_MODE: 'production' })).toEqual([expect.stringMatching(/^CALENDAR_SECRET: is needed/)]);
    expect(problemsOf({ CABINET_MODE: 'production', CALENDAR_SECRET: 'x'.repeat(32) })).toEqual([]);
  });

  it('refuses contradictions, and never shows a value', () => {
    const problems = problemsOf({
      CALENDAR_POLL_SECONDS: '3600',
      CALENDAR_STALE_SECONDS: '3600',
      GOOGLE_CLIENT_SECRET: 'hunter2',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^CALENDAR_STALE_SECONDS: /),
      expect.stringMatching(/^GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET: go together/),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('reads a list of hosts', () => {
    const config = readConfig({ ...environment, CALENDAR_PRIVATE_HOSTS: ' caldav.internal, 10.0.0.7:5232,' });
    expect(config.CALENDAR_PRIVATE_HOSTS).toEqual(['caldav.internal', '10.0.0.7:5232']);
  });
});
