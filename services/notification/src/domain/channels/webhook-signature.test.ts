import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSigningKey, newSigningKey, publicKeyOf, type SigningKey, webhookHeaders } from './webhook-signature.js';

const body = '{"type":"appointment.booked","data":{"id":"0196f0a2"}}';
const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';

async function verifyEd25519(publicKey: string, headers: Record<string, string>, text = body) {
  const raw = Buffer.from(publicKey.replace('whpk_', ''), 'base64');
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`);
  const signatures = (headers['webhook-signature'] ?? '').split(' ').filter((each) => each.startsWith('v1a,'));
  const each = signatures.map((one) =>
    crypto.subtle.verify('Ed25519', key, Buffer.from(one.slice(4), 'base64'), signed),
  );
  return (await Promise.all(each)).includes(true);
}

describe('a signed webhook', () => {
  it('is signed as the specification shows', () => {
    const key: SigningKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const at = new Date(1_614_265_330_000);
    expect(webhookHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', [key])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is verified by the public library, and not when anything of it was changed', () => {
    const { key } = newSigningKey('hmac');
    const headers = webhookHeaders(id, new Date(), body, [key]);
    const receiver = new Webhook(key);
    expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => receiver.verify(body.replace('booked', 'cancelled'), headers)).toThrow('No matching signature');
    expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'msg_other' })).toThrow('No matching signature');
    const earlier = String(Number(headers['webhook-timestamp']) - 1);
    expect(() => receiver.verify(body, { ...headers, 'webhook-timestamp': earlier })).toThrow('No matching signature');
  });

  it('is verified by an ed25519 public key alone', async () => {
    const { key, publicKey = '' } = newSigningKey('ed25519');
    const headers = webhookHeaders(id, new Date(), body, [key]);
    expect(headers['webhook-signature']).toMatch(/^v1a,/);
    expect(await verifyEd25519(publicKey, headers)).toBe(true);
    expect(await verifyEd25519(publicKey, headers, `${body} `)).toBe(false);
    expect(publicKeyOf(key as `whsk_${string}`)).toBe(publicKey);
  });

  it('is verified with the old key and with the new one while one replaces the other', async () => {
    const [old, fresh, other] = [newSigningKey('hmac').key, newSigningKey('hmac').key, newSigningKey('hmac').key];
    const { key, publicKey = '' } = newSigningKey('ed25519');
    const headers = webhookHeaders(id, new Date(), body, [fresh, old, key]);
    for (const known of [old, fresh]) expect(new Webhook(known).verify(body, headers)).toEqual(JSON.parse(body));
    expect(await verifyEd25519(publicKey, headers)).toBe(true);
    expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature');
  });

  it.each([
    [newSigningKey('hmac').key, true],
    [newSigningKey('ed25519').key, true],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
    [`whsk_${Buffer.alloc(32).toString('base64')}`, false],
    [newSigningKey('ed25519').publicKey ?? '', false],
    ['secret', false],
  ])('has keys of the length that the specification asks for: %s is %s', (key, isOne) => {
    expect(isSigningKey(key)).toBe(isOne);
  });
});
