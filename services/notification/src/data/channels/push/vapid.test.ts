import { describe, expect, it } from 'vitest';
import { isVapidSubject, vapidAuthorization, vapidKeyFrom } from './vapid.js';

const now = new Date('2026-11-01T10:00:00Z');

async function verify(authorization: string) {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const publicKey = await crypto.subtle.importKey('raw', bytes(key), curve, false, ['verify']);
  const hash = { name: 'ECDSA', hash: 'SHA-256' };
  const isRight = await crypto.subtle.verify(hash, publicKey, bytes(signature), Buffer.from(`${head}.${claims}`));
  return { isRight, head: JSON.parse(bytes(head).toString()), claims: JSON.parse(bytes(claims).toString()), key };
}

describe('what a push service knows us by', () => {
  it('is a key pair that follows from the secret, and another one from another', async () => {
    const [first, again, other] = ['a secret', 'a secret', 'another secret'].map(vapidKeyFrom);
    expect(again?.publicKey).toBe(first?.publicKey);
    expect(other?.publicKey).not.toBe(first?.publicKey);
  });

  it('is signed so that WebCrypto verifies it, for one service and half a day', async () => {
    const key = vapidKeyFrom('a secret of the practice');
    const subject = 'mailto:it@cabinet-bernard.example';
    const verified = await verify(vapidAuthorization(key, 'https://push.example', subject, now));
    expect(verified).toEqual({
      isRight: true,
      head: { typ: 'JWT', alg: 'ES256' },
      claims: { aud: 'https://push.example', sub: subject, exp: now.getTime() / 1_000 + 12 * 3_600 },
      key: key.publicKey,
    });
  });

  it.each([
    ['mailto:it@cabinet-bernard.example', true],
    ['https://cabinet-bernard.example/contact', true],
    ['mailto:<it@cabinet-bernard.example>', false],
    ['mailto: it@cabinet-bernard.example', false],
    ['mailto:it@localhost', false],
    ['it@cabinet-bernard.example', false],
    ['http://cabinet-bernard.example', false],
  ])('has the subject %s: %s', (subject, isOne) => {
    expect(isVapidSubject(subject)).toBe(isOne);
  });
});
