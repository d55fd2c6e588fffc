import { systemClock } from '@cabinet/kit/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MailRelay } from '../../../../tests/support/mail-relay.ts';
import { type Channels, openChannels } from '../../src/data/channels/open-channels.js';
import { channelEnvironment } from '../../src/data/channels/settings.js';
import type { ChannelName } from '../../src/domain/channel.js';
import { messageOf } from './messages.js';

const never = new AbortController().signal;
const logged: object[] = [];
let channels: Channels | undefined;
let relay: MailRelay;

beforeEach(async () => {
  logged.splice(0);
  relay = new MailRelay();
  await relay.start();
});
afterEach(async () => {
  channels?.close();
  await relay.stop();
});

function open(env: Record<string, string>, mode: 'demonstration' | 'production' = 'production') {
  const config = { ...z.object(channelEnvironment).parse(env), CABINET_MODE: mode };
  channels = openChannels({
    config,
    clock: systemClock,
    log: { info: (fields) => logged.push(fields) },
    subscriptions: { find: async () => undefined, drop: async () => undefined, idsOf: async () => [] },
    endpoints: { find: async () => undefined, disable: async () => undefined },
    receiptsUrl: (provider) => `https://cabinet-bernard.example/receipts/${provider}`,
  });
  const all = channels.toPeople;
  return { all, pushKeys: channels.pushKeys, of: (name: ChannelName) => all.find((each) => each.name === name) };
}

const relayed = () => ({
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(relay.port),
  SMTP_SECURITY: 'none',
  MAIL_FROM: 'Cabinet Bernard <rendez-vous@cabinet-bernard.example>',
  MAIL_BOUNCES: 'bounces@cabinet-bernard.example',
});

describe('the channels', () => {
  it('are those of which something is set', () => {
    const { all, pushKeys } = open({});
    expect(all).toEqual([]);
    expect(pushKeys).toEqual([]);
  });

  it('send mail by the relay, from the practice and with reports where it wants them', async () => {
    expect(await open(relayed()).of('email')?.send(messageOf(), never)).toMatchObject({ state: 'sent' });
    expect(relay.mails[0]?.from).toContain('<bounces@cabinet-bernard.example>');
    expect(relay.mails[0]?.raw).toContain('From: Cabinet Bernard <rendez-vous@cabinet-bernard.example>');
  });

  it('send mail in a demonstration that has a relay, and log what would be an SMS or a push', async () => {
    const { all, of } = open(relayed(), 'demonstration');
    expect(all.map(({ name, provider }) => [name, provider])).toEqual([
      ['email', 'smtp'],
      ['sms', 'log'],
      ['push', 'log'],
    ]);
    const sms = of('sms');
    expect(await sms?.send(messageOf({ to: '+33612345678' }), never)).toMatchObject({ state: 'sent' });
    expect(logged).toMatchObject([{ channel: 'sms', decisionId: messageOf().decisionId }]);
    expect(JSON.stringify(logged)).not.toContain('33612345678');
  });

  it('have providers in the order of preference', () => {
    const env = { OVH_URL: 'http://127.0.0.1:1/1.0', TWILIO_URL: 'http://127.0.0.1:1' };
    const { all } = open({ ...env, SMS_PROVIDERS: 'ovhcloud,twilio' });
    expect(all.map(({ provider }) => provider)).toEqual(['ovhcloud', 'twilio']);
  });

  it('push by keys that follow from the secrets, newest first', () => {
    const [newer, older] = ['n'.repeat(32), 'o'.repeat(32)];
    const settings = { PUSH_SUBJECT: 'mailto:it@cabinet-bernard.example' };
    const both = open({ ...settings, PUSH_SECRET: `${newer}|${older}` }).pushKeys;
    expect(both).toHaveLength(2);
    expect(open({ ...settings, PUSH_SECRET: older }).pushKeys).toEqual([both[1]]);
  });

  it('fail for now when the relay is away', async () => {
    const email = open(relayed()).of('email');
    await relay.stop();
    expect(await email?.send(messageOf(), never)).toMatchObject({ state: 'failed', class: 'temporary' });
    await relay.start();
  });
});
