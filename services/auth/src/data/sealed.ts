import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A key for one purpose from the service's secret (HKDF, RFC 5869), so that no two purposes share one. */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'cabinet/auth', purpose, 32));

/** One for each secret; the first seals, every one opens. */
export const deriveKeys = (secrets: readonly string[], purpose: string): Buffer[] =>
  secrets.map((secret) => deriveKey(secret, purpose));

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: nonce, tag, ciphertext. `label` must be the same to open it again. */
export function seal(key: Buffer, label: string, text: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(label));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/** @throws Error when the key or the label is not the one it was sealed with, or it was changed since */
export function open(key: Buffer, label: string, sealed: Buffer): string {
  const iv = sealed.subarray(0, ivBytes);
  const tag = sealed.subarray(ivBytes, ivBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    .setAAD(Buffer.from(label))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
}

/** @returns undefined when it was sealed with none of the keys or for another label, or was changed since */
export function openByAny(keys: readonly Buffer[], label: string, sealed: Buffer): string | undefined {
  for (const key of keys) {
    try {
      return open(key, label, sealed);
    } catch {
      // Sealed with another one.
    }
  }
  return undefined;
}

/** The same text sealed with the first key. @returns undefined when it is so already, or no key opens it */
export function sealAnew([first, ...older]: readonly Buffer[], label: string, sealed: Buffer): Buffer | undefined {
  if (!first || openByAny([first], label, sealed) !== undefined) return undefined;
  const text = openByAny(older, label, sealed);
  return text === undefined ? undefined : seal(first, label, text);
}
