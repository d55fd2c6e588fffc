import { randomUUID } from 'node:crypto';
import { systemClock } from '@cabinet/kit/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpCounterpart } from '../../../../tests/support/http-counterpart.ts';
import { FakeOvhCloud, FakeTwilio, strangeNumbers, type TakenSms } from '../../../../tests/support/sms-providers.ts';
import { Outbound } from '../../src/data/channels/http/outbound.js';
import { isSignedByTwilio, readTwilioReceipt } from '../../src/data/channels/receipts/twilio-receipt.js';
import { OvhCloud } from '../../src/data/channels/sms/ovhcloud.js';
import { SmsChannel, type SmsProvider } from '../../src/data/channels/sms/sms-channel.js';
import { Twilio } from '../../src/data/channels/sms/twilio.js';
import { Providers } from '../../src/data/outlets/providers.js';
import type { Channel, OutgoingMessage } from '../../src/domain/channel.js';
import { messageOf } from './messages.js';

const never = new AbortController().signal;
const receiptsUrl = 'https://cabinet-bernard.example/api/notifications/receipts/twilio';
const text = 'Rendez-vous demain à 9 h, Cabinet Bernard.';

const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  messageOf({ decisionId: randomUUID(), to: '+33612345678', text, ...fields });

let outbound: Outbound;
let twilio: FakeTwilio;
let ovh: FakeOvhCloud;

const outboundOf = (timeoutMs = 30_000) => {
  outbound?.close();
  outbound = new Outbound({ timeoutMs, privateHosts: [] });
  return outbound;
};
beforeEach(async () => {
  [twilio, ovh] = [new FakeTwilio(), new FakeOvhCloud()];
  await Promise.all([twilio.start(), ovh.start()]);
});
afterEach(async () => {
  outbound.close();
  await Promise.all([twilio.stop(), ovh.stop()]);
});

const byTwilio = (settings: object = {}, timeoutMs?: number) =>
  new Twilio(
    outboundOf(timeoutMs),
    { apiUrl: twilio.url, accountSid: twilio.accountSid, authToken: twilio.authToken, receiptsUrl, ...settings },
    systemClock,
  );
const byOvh = (settings: object = {}, timeoutMs?: number) => {
  const { applicationKey, applicationSecret, consumerKey, service } = ovh;
  return new OvhCloud(
    outboundOf(timeoutMs),
    { apiUrl: `${ovh.url}/1.0`, applicationKey, applicationSecret, consumerKey, service, ...settings },
    systemClock,
  );
};
const channelOf = (provider: SmsProvider, sender = 'Cabinet'): Channel =>
  new SmsChannel(provider, { sender, partsMax: 4 });

interface Case {
  open(timeoutMs?: number): Channel;
  counterpart(): HttpCounterpart & { taken: TakenSms[] };
}

const providers: Record<string, Case> = {
  twilio: { open: (timeoutMs) => channelOf(byTwilio({}, timeoutMs)), counterpart: () => twilio },
  ovhcloud: { open: (timeoutMs) => channelOf(byOvh({}, timeoutMs)), counterpart: () => ovh },
};

describe.each(Object.entries(providers))('SMS by %s', (name, { open, counterpart }) => {
  it('leaves from the practice’s name, with what it costs and by what it is known', async () => {
    const outcome = await open().send(message(), never);
    const [taken] = counterpart().taken;
    expect(taken).toMatchObject({ to: '+33612345678', from: 'Cabinet', text });
    expect(outcome).toMatchObject({ state: 'sent', providerId: `${name}:${taken?.id}`, parts: 1 });
  });

  it('is given plainly, and is never longer than templates should be', async () => {
    const channel = open();
    expect(await channel.send(message({ text: 'L’hôpital – à 9 h…' }), never)).toMatchObject({
      state: 'sent',
      parts: 1,
    });
    expect(counterpart().taken[0]?.text).toBe("L'hopital - à 9 h...");
    expect(await channel.send(message({ text: 'x'.repeat(613) }), never)).toMatchObject({ class: 'permanent-content' });
    expect(await channel.send(message({ text: 'bell \u0007' }), never)).toMatchObject({ class: 'permanent-content' });
    expect(await channel.send(message({ text: ' \n' }), never)).toMatchObject({ class: 'permanent-content' });
    expect(counterpart().taken).toHaveLength(1);
  });

  it('refuses by itself what is no mobile number, and a sender that the law forbids', async () => {
    for (const to of ['alice', '+33142345678', '+33612345678,+33612345679']) {
      expect(await open().send(message({ to }), never)).toMatchObject({ state: 'failed', class: 'permanent-address' });
    }
    const provider = name === 'twilio' ? byTwilio() : byOvh();
    expect(await channelOf(provider, '+33612345678').send(message(), never)).toMatchObject({ class: 'configuration' });
    expect(counterpart().received).toEqual([]);
  });

  it('says of a number that the provider does not take that it is none', async () => {
    const outcome = await open().send(message({ to: strangeNumbers.notValid }), never);
    expect(outcome).toMatchObject({ state: 'failed', class: 'permanent-address', isAboutRecipient: true });
    expect(JSON.stringify(outcome)).not.toContain(strangeNumbers.notValid);
  });

  it('waits as long as it is asked to', async () => {
    const channel = open();
    // OVHcloud's time is asked first.
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
    counterpart().spoiled.push({ status: 429, headers: { 'retry-after': '17' }, body: { message: 'slow down' } });
    expect(await channel.send(message(), never)).toMatchObject({ class: 'rate-limited', retryAfterSeconds: 17 });
    counterpart().spoiled.push({ status: 503, headers: { 'retry-after': '90' } });
    expect(await channel.send(message(), never)).toMatchObject({
      class: 'temporary',
      retryAfterSeconds: 90,
      isUncertain: false,
    });
    expect(counterpart().taken).toHaveLength(1);
  });

  it.each([
    ['the connection is cut after it was taken', 'done-then-cut'],
    ['no answer comes after it was taken', 'done-then-silent'],
    ['the answer is a failure though it was taken', { status: 502, body: 'Bad Gateway', isDone: true }],
  ] as const)('is sent once though %s: before a repeat it is looked for', async (_, spoiled) => {
    const channel = open(1_000);
    await channel.send(message({ text: 'Something else' }), never);
    counterpart().spoiled.push(spoiled);
    const reminder = message();
    const first = await channel.send(reminder, never);
    expect(first).toMatchObject({ state: 'failed', class: 'temporary', isUncertain: true });
    const again = await channel.send({ ...reminder, attempt: 2 }, never);
    expect(counterpart().taken.map((each) => each.text)).toEqual(['Something else', text]);
    expect(again).toMatchObject({ state: 'sent', providerId: `${name}:${counterpart().taken[1]?.id}` });
  });

  it('is sent by the second try, when the first was lost on its way', async () => {
    const channel = open();
    await channel.send(message({ text: 'Something else' }), never);
    counterpart().spoiled.push('cut');
    const reminder = message();
    expect(await channel.send(reminder, never)).toMatchObject({ class: 'temporary', isUncertain: true });
    expect(await channel.send({ ...reminder, attempt: 2 }, never)).toMatchObject({ state: 'sent' });
    expect(counterpart().taken).toHaveLength(2);
  });

  it('is not sent again while it cannot be looked for', async () => {
    const channel = open();
    await channel.send(message(), never);
    counterpart().spoiled.push({ status: 500 });
    expect(await channel.send(message({ attempt: 2, text: 'Another' }), never)).toMatchObject({
      class: 'temporary',
      isUncertain: true,
    });
    expect(counterpart().taken).toHaveLength(1);
  });

  it('surely did not leave, when the provider cannot be reached', async () => {
    const channel = open();
    await counterpart().stop();
    expect(await channel.send(message(), never)).toMatchObject({ class: 'temporary', isUncertain: false });
    await counterpart().start();
  });

  it('follows no redirect with what is for the provider', async () => {
    const channel = open();
    await channel.send(message(), never);
    const asked = counterpart().received.length;
    counterpart().spoiled.push({ status: 302, headers: { location: `${twilio.url}/elsewhere` } });
    expect(await channel.send(message(), never)).toMatchObject({ class: 'configuration' });
    expect(counterpart().received).toHaveLength(asked + 1);
  });
});

describe('SMS by twilio', () => {
  it.each([
    [strangeNumbers.landline, 'permanent-address'],
    [strangeNumbers.unsubscribed, 'permanent-address'],
    [strangeNumbers.notReachable, 'permanent-address'],
  ])('knows by its codes what comes of %s', async (to, kind) => {
    expect(await channelOf(byTwilio()).send(message({ to }), never)).toMatchObject({ class: kind });
  });

  it.each([
    [{ status: 401, body: { code: 20003, message: 'Authenticate' } }, 'configuration'],
    [{ status: 429, body: { code: 20429, message: 'Too Many Requests' } }, 'rate-limited'],
    [
      {
        status: 400,
        body: { code: 21611, message: "This 'From' number has exceeded the maximum number of queued messages" },
      },
      'rate-limited',
    ],
    [
      { status: 400, body: { code: 21408, message: 'Permission to send an SMS has not been enabled for the region' } },
      'configuration',
    ],
    [{ status: 400, body: { code: 99999, message: 'new' } }, 'permanent-content'],
    [{ status: 500, body: '<html>oops</html>' }, 'temporary'],
  ])('takes %j for %s', async (answer, kind) => {
    twilio.spoiled.push(answer);
    expect(await channelOf(byTwilio()).send(message(), never)).toMatchObject({ state: 'failed', class: kind });
    expect(twilio.taken).toEqual([]);
  });

  it('may leave by a messaging service', async () => {
    expect(await channelOf(byTwilio(), `MG${'0'.repeat(32)}`).send(message(), never)).toMatchObject({ state: 'sent' });
  });

  it('has receipts that name the decision and prove whose they are, also before the answer came', async () => {
    twilio.spoiled.push('done-then-cut');
    const reminder = message();
    await channelOf(byTwilio()).send(reminder, never);
    const { url, form, signature } = twilio.receiptOf(twilio.taken[0] as TakenSms, 'undelivered', '30005');
    expect(isSignedByTwilio([twilio.authToken], url, form, signature)).toBe(true);
    expect(isSignedByTwilio(['another'], url, form, signature)).toBe(false);
    expect(readTwilioReceipt(new URL(url), form)).toMatchObject({
      providerId: `twilio:${twilio.taken[0]?.id}`,
      state: 'failed',
      class: 'permanent-address',
      decisionId: reminder.decisionId,
    });
  });
});

describe('SMS by ovhcloud', () => {
  it('is signed by its time, whatever ours is, and asked for it once', async () => {
    ovh.clockMs = 3 * 3_600_000;
    const channel = channelOf(byOvh());
    for (let nth = 0; nth < 3; nth++)
      expect(await channel.send(message(), never)).toMatchObject({ state: 'sent', cost: 1 });
    expect(ovh.received.filter(({ url }) => url.pathname.endsWith('/auth/time'))).toHaveLength(1);
  });

  it('asks for the time anew when its clock was set', async () => {
    const channel = channelOf(byOvh());
    await channel.send(message(), never);
    ovh.clockMs = 3_600_000;
    expect(await channel.send(message(), never)).toMatchObject({ class: 'temporary' });
    expect(await channel.send(message(), never)).toMatchObject({ state: 'sent' });
  });

  it('did not leave, when its time cannot be had', async () => {
    ovh.spoiled.push('cut');
    expect(await channelOf(byOvh()).send(message(), never)).toMatchObject({ class: 'temporary', isUncertain: false });
    ovh.spoiled.push({ status: 200, body: 'tea time' });
    expect(await channelOf(byOvh()).send(message(), never)).toMatchObject({ class: 'temporary', isUncertain: false });
  });

  it('says that credits are used up, and that a signature is wrong', async () => {
    ovh.credits = 0;
    expect(await channelOf(byOvh()).send(message(), never)).toMatchObject({ class: 'configuration' });
    expect(await channelOf(byOvh({ consumerKey: 'x' })).send(message(), never)).toMatchObject({
      class: 'configuration',
    });
    expect(ovh.taken).toEqual([]);
  });
});

describe('SMS by one provider or the other', () => {
  const both = () => {
    const second = byOvh();
    const first = new Twilio(
      outbound,
      { apiUrl: twilio.url, accountSid: twilio.accountSid, authToken: twilio.authToken },
      systemClock,
    );
    return new Providers([channelOf(first), channelOf(second)]);
  };

  it('leaves by the second while the first is away', async () => {
    twilio.spoiled.push({ status: 503 });
    expect(await both().send('sms', message())).toMatchObject({
      outcome: { state: 'sent', providerId: expect.stringMatching(/^ovhcloud:/) },
      provider: 'ovhcloud',
    });
    expect([twilio.taken.length, ovh.taken.length]).toEqual([0, 1]);
  });

  it('never leaves by both, when the first may have sent it', async () => {
    twilio.spoiled.push('done-then-cut');
    expect(await both().send('sms', message())).toMatchObject({
      outcome: { state: 'failed', isUncertain: true },
      provider: 'twilio',
    });
    expect([twilio.taken.length, ovh.taken.length]).toEqual([1, 0]);
  });
});
