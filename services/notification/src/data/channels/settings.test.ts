import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelEnvironment, channelProblems } from './settings.js';

const schema = z.object({ CABINET_MODE: z.enum(['demonstration', 'production']), ...channelEnvironment });
const read = (env: Record<string, string> = {}) => schema.safeParse({ CABINET_MODE: 'production', ...env });
const problems = (env: Record<string, string>) => {
  const { success, data, error } = read(env);
  return success ? channelProblems(data) : error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
};

describe('the settings of the channels', () => {
  it('are complete without any: then there is only what needs no provider', () => {
    expect(problems({})).toEqual([]);
    expect(read().data).toMatchObject({ SMTP_PORT: 587, SMTP_SECURITY: 'starttls', SMS_PROVIDERS: [] });
  });

  it('are complete for a practice with a relay, two providers of SMS, and push', () => {
    const env = {
      SMTP_HOST: 'smtp.relay.example',
      SMTP_USER: 'cabinet',
      SMTP_PASSWORD: 'secret',
      MAIL_FROM: 'Cabinet Bernard <rendez-vous@cabinet-bernard.example>',
      SMS_PROVIDERS: 'ovhcloud, twilio',
      TWILIO_ACCOUNT_SID: 'AC0',
      TWILIO_AUTH_TOKEN: 'new|old',
      OVH_APPLICATION_KEY: 'a',
      OVH_APPLICATION_SECRET: 'b',
      OVH_CONSUMER_KEY: 'c',
      OVH_SMS_SERVICE: 'sms-ab12345-1',
      PUSH_SECRET: `${'x'.repeat(32)}|${'y'.repeat(32)}`,
      PUSH_SUBJECT: 'mailto:it@cabinet-bernard.example',
    };
    expect(problems(env)).toEqual([]);
    expect(read(env).data).toMatchObject({
      MAIL_FROM: { name: 'Cabinet Bernard', address: { wire: 'rendez-vous@cabinet-bernard.example' } },
      SMS_PROVIDERS: ['ovhcloud', 'twilio'],
      TWILIO_AUTH_TOKEN: ['new', 'old'],
    });
  });

  it.each([
    [{ SMTP_USER: 'cabinet' }, 'SMTP_PASSWORD'],
    [{ SMTP_HOST: 'smtp.relay.example', MAIL_FROM: 'a@b.example', SMTP_SECURITY: 'none' }, 'SMTP_SECURITY'],
    [{ SMTP_HOST: 'smtp.relay.example' }, 'MAIL_FROM'],
    [{ MAIL_FROM: 'Cabinet' }, 'MAIL_FROM'],
    [{ MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' }, 'MAIL_FROM'],
    [{ SMS_PROVIDERS: 'pigeon' }, 'SMS_PROVIDERS'],
    [{ SMS_PROVIDERS: 'log' }, 'SMS_PROVIDERS'],
    [{ SMS_PROVIDERS: 'twilio', TWILIO_AUTH_TOKEN: 'x' }, 'TWILIO_ACCOUNT_SID'],
    [
      { SMS_PROVIDERS: 'ovhcloud', OVH_APPLICATION_KEY: 'a', OVH_APPLICATION_SECRET: 'b', OVH_CONSUMER_KEY: 'c' },
      'OVH_SMS_SERVICE',
    ],
    [{ SMS_SENDER: '+33612345678' }, 'SMS_SENDER'],
    [{ PUSH_SUBJECT: 'it@cabinet-bernard.example' }, 'PUSH_SUBJECT'],
    [{ PUSH_SUBJECT: 'mailto:it@cabinet-bernard.example' }, 'PUSH_SECRET'],
    [{ PUSH_SECRET: 'short' }, 'PUSH_SECRET'],
  ])('are refused with %j, by a line that names %s', (env, name) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: `));
  });

  it('say outside production who may be written to, as soon as anything may reach anybody', () => {
    const demonstration = { CABINET_MODE: 'demonstration' };
    const relay = { ...demonstration, SMTP_HOST: 'smtp.relay.example' };
    expect(problems({ ...demonstration, SMTP_HOST: '127.0.0.1', SMS_PROVIDERS: 'log' })).toEqual([]);
    expect(problems(relay)).toEqual([expect.stringMatching(/^MESSAGE_GUESTS: is needed/)]);
    expect(problems({ ...relay, MESSAGE_GUESTS: 'alice@example.org, @practice.example' })).toEqual([]);
    expect(problems({ ...relay, MESSAGE_GUESTS: '*' })).toEqual([]);
    const sms = { SMS_PROVIDERS: 'twilio', TWILIO_ACCOUNT_SID: 'AC0', TWILIO_AUTH_TOKEN: 'x' };
    expect(problems({ ...demonstration, ...sms })).toEqual([expect.stringMatching(/^MESSAGE_GUESTS: is needed/)]);
  });
});
