import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { PushKeys } from '../../../domain/channels/push-keys.js';

const [publicKeyBytes, saltBytes] = [65, 16];
const recordBytes = 4_096;
const tagBytes = 16;
/** Of one record less its tag and the mark of its end; push services take no more than 4096 bytes with the header (RFC 8030, 7.2). */
export const payloadBytesMax = recordBytes - tagBytes - 1 - (saltBytes + 4 + 1 + publicKeyBytes);

/**
 * A message that only the browser of a subscription can read (RFC 8291: aes128gcm of RFC 8188, in one record).
 * @param chosen salt and private key, which are random but in tests against the RFC
 * @throws for keys that are none
 */
export function encryptForBrowser(
  payload: Buffer,
  { p256dh, auth }: PushKeys,
  chosen: { salt?: Buffer; privateKey?: Buffer } = {},
): Buffer {
  const theirs = Buffer.from(p256dh, 'base64url');
  const salt = chosen.salt ?? randomBytes(saltBytes);
  const own = createECDH('prime256v1');
  if (chosen.privateKey) own.setPrivateKey(chosen.privateKey);
  else own.generateKeys();
  const ours = own.getPublicKey();
  const derive = (secret: Buffer, by: Buffer, info: Buffer | string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, by, info, bytes));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours]);
  const secret = derive(own.computeSecret(theirs), Buffer.from(auth, 'base64url'), info, 32);
  const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // The last record ends with 2 (RFC 8188, section 2).
  const record = Buffer.concat([
    cipher.update(payload),
    cipher.update(Buffer.from([2])),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const header = Buffer.alloc(saltBytes + 5);
  salt.copy(header);
  header.writeUInt32BE(recordBytes, saltBytes);
  header.writeUInt8(ours.length, saltBytes + 4);
  return Buffer.concat([header, ours, record]);
}
