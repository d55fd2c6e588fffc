import { createECDH } from 'node:crypto';

/** As browsers give them: an uncompressed point of P-256, and 16 bytes. Both base64url. */
export interface PushKeys {
  p256dh: string;
  auth: string;
}

const [publicKeyBytes, authBytes] = [65, 16];

/** Whether a subscription's keys can be used at all. */
export function arePushKeys({ p256dh, auth }: PushKeys): boolean {
  const [point, secret] = [Buffer.from(p256dh, 'base64url'), Buffer.from(auth, 'base64url')];
  return point.length === publicKeyBytes && point[0] === 4 && secret.length === authBytes && isOnCurve(point);
}

function isOnCurve(point: Buffer): boolean {
  const own = createECDH('prime256v1');
  own.generateKeys();
  try {
    own.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}
