import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** A key for one purpose from a service's secret (HKDF, RFC 5869), so that no two purposes, and no two services, share one. */
export const deriveKey = (service: string, secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, `cabinet/${service}`, purpose, 32));

/** Keeps what must not be read in the database: AES-256-GCM by a key for one purpose. The first secret seals, every one opens. */
export class Seal {
  private readonly keys: readonly Buffer[];

  constructor(service: string, secrets: readonly string[], purpose: string) {
    this.keys = secrets.map((secret) => deriveKey(service, secret, purpose));
  }

  get hasOlder(): boolean {
    return this.keys.length > 1;
  }

  /** @returns nonce, tag and ciphertext as base64; `label` must be the same to open it again */
  close(label: string, content: object): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.keys[0] as Buffer, iv).setAAD(Buffer.from(label));
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64');
  }

  /** @returns undefined when none of the secrets sealed it, or it was for another label, or was changed since */
  open<T>(label: string, sealed: string): T | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    for (const key of this.keys) {
      const text = openBy(key, label, bytes);
      if (text !== undefined) return JSON.parse(text) as T;
    }
    return undefined;
  }

  /** The same content sealed with the first secret. @returns undefined when it is so already, or none of them opens it */
  anew(label: string, sealed: string): string | undefined {
    if (openBy(this.keys[0] as Buffer, label, Buffer.from(sealed, 'base64')) !== undefined) return undefined;
    const content = this.open<object>(label, sealed);
    return content && this.close(label, content);
  }
}

function openBy(key: Buffer, label: string, bytes: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(label))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
