import type { ConfigurationError } from '@cabinet/kit/config';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const environment = {
  APP_PORT: '9095',
  CABINET_MODE: 'demonstration',
  DAPR_HTTP_PORT: '3595',
  JWKS_URL: 'http://127.0.0.1:9094/.well-known/jwks.json',
  DATABASE_URL: 'postgres://notification:secret@127.0.0.1:5432/notification',
  AUDIT_KEYS: 'a'.repeat(32),
};
const production = { CABINET_MODE: 'production', NOTIFICATION_SECRET: 'x'.repeat(32) };

const problemsOf = (more: NodeJS.ProcessEnv) => {
  try {
    readConfig({ ...environment, ...more });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
};

describe('the configuration of notification', () => {
  it('needs a secret in production, and does without one in a demonstration', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf(production)).toEqual([]);
    expect(problemsOf({ CABINET_MODE: 'production' })).toEqual([
      expect.stringMatching(/^NOTIFICATION_SECRET: is needed/),
    ]);
  });

  it('needs an address by https, where mails lead to it in production', () => {
    const relay = { SMTP_HOST: 'relay.example', MAIL_FROM: 'Cabinet <rendez-vous@cabinet.example>' };
    expect(problemsOf({ ...production, ...relay })).toEqual([expect.stringMatching(/^PUBLIC_URL: must be https/)]);
    expect(problemsOf({ ...production, ...relay, PUBLIC_URL: 'https://cabinet.example' })).toEqual([]);
    expect(problemsOf({ ...relay, SMTP_HOST: '127.0.0.1' })).toEqual([]);
  });

  it('names what its channels lack, and never shows a value', () => {
    const problems = problemsOf({ SMS_PROVIDERS: 'twilio', TWILIO_ACCOUNT_SID: 'hunter2', MESSAGE_GUESTS: '*' });
    expect(problems).toEqual([expect.stringMatching(/^TWILIO_AUTH_TOKEN: is needed/)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
