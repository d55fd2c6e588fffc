import { createECDH, createPrivateKey, hkdfSync, type KeyObject, sign } from 'node:crypto';

/** What a push service knows us by (RFC 8292). */
export interface VapidKey {
  /** What a browser subscribes with: an uncompressed point, base64url. */
  publicKey: string;
  privateKey: KeyObject;
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The key pair that follows from a secret, so that nothing but the secret is to be kept (FIPS 186-5, A.2.1: 64 bits more, then mod n). */
export function vapidKeyFrom(secret: string): VapidKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'cabinet/notification', 'vapid', 40));
  const scalar = (BigInt(`0x${seed.toString('hex')}`) % (order - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(d);
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', x, y, d: d.toString('base64url') };
  return { publicKey: point.toString('base64url'), privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
}

/** Half of what RFC 8292 allows: no clock differs by that. */
const validSeconds = 12 * 3_600;

/** The Authorization for one push service, by its origin. @param subject whom it turns to with complaints: `mailto:` or https */
export function vapidAuthorization(
  { publicKey, privateKey }: VapidKey,
  origin: string,
  subject: string,
  now: Date,
): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { aud: origin, exp: Math.floor(now.getTime() / 1_000) + validSeconds, sub: subject };
  const signed = `${encode({ typ: 'JWT', alg: 'ES256' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey}`;
}

/** Apple refuses a subject that is no address; so do we, and at the start. */
export const isVapidSubject = (text: string): boolean =>
  /^mailto:[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/.test(text) || (URL.canParse(text) && new URL(text).protocol === 'https:');
