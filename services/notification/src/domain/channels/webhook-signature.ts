import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * Keys of Standard Webhooks 1.0 as they are written: `whsec_` and 24 to 64 bytes for HMAC-SHA256, `whsk_` and the 64 bytes of an
 * ed25519 private key (seed, public key), `whpk_` and the 32 bytes of its public key. All base64.
 */
export type SigningKey = `whsec_${string}` | `whsk_${string}`;

// What PKCS #8 has around the seed of an ed25519 key (RFC 8410).
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const bytesOf = (key: string): Buffer => Buffer.from(key.slice(key.indexOf('_') + 1), 'base64');

export function isSigningKey(text: string): text is SigningKey {
  const { length } = bytesOf(text);
  return text.startsWith('whsec_') ? length >= 24 && length <= 64 : text.startsWith('whsk_') && length === 64;
}

/** A new key; for ed25519 with what its receiver verifies by. */
export function newSigningKey(kind: 'hmac' | 'ed25519'): { key: SigningKey; publicKey?: `whpk_${string}` } {
  if (kind === 'hmac') return { key: `whsec_${randomBytes(32).toString('base64')}` };
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    key: `whsk_${Buffer.concat([seed, point]).toString('base64')}`,
    publicKey: `whpk_${point.toString('base64')}`,
  };
}

/** What the receiver of an ed25519 key verifies by. */
export function publicKeyOf(key: `whsk_${string}`): `whpk_${string}` {
  const point = createPublicKey(ed25519(key)).export({ type: 'spki', format: 'der' }).subarray(-32);
  return `whpk_${point.toString('base64')}`;
}

const ed25519 = (key: string) =>
  createPrivateKey({ key: Buffer.concat([pkcs8, bytesOf(key).subarray(0, 32)]), format: 'der', type: 'pkcs8' });

/**
 * The headers of one delivery, signed with every key: while one is replaced, the receiver may have the old or the new one.
 * @param id the same for every try, by which a receiver knows what it has seen
 */
export function webhookHeaders(
  id: string,
  at: Date,
  body: string,
  keys: readonly SigningKey[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  const signatures = keys.map((key) =>
    key.startsWith('whsk_')
      ? `v1a,${sign(null, signed, ed25519(key)).toString('base64')}`
      : `v1,${createHmac('sha256', bytesOf(key)).update(signed).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
