import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Challenge } from '../domain/ports.js';

const randomLength = 16;
const timeLength = 6;
const tagLength = 16;
export const challengeMsMax = 5 * 60_000;

/**
 * What a device is to sign. It says itself until when it is good, and that it is ours, so that whoever only asks for one leaves
 * nothing in the database; what has been used is noted there, and is not taken twice.
 */
export class Challenges {
  constructor(private readonly key: Buffer) {}

  /** @param purpose what it is good for: of a key to be made, whose */
  make(purpose: string, now: Date): Uint8Array<ArrayBuffer> {
    const time = Buffer.alloc(timeLength);
    time.writeUIntBE(now.getTime() + challengeMsMax, 0, timeLength);
    const stem = Buffer.concat([randomBytes(randomLength), time]);
    return new Uint8Array(Buffer.concat([stem, this.tag(stem, purpose)]));
  }

  /** @returns undefined for one that was not made here, for this, or has run out */
  read(text: string, purpose: string, now: Date): Challenge | undefined {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== randomLength + timeLength + tagLength) return undefined;
    const stem = bytes.subarray(0, randomLength + timeLength);
    if (!timingSafeEqual(bytes.subarray(stem.length), this.tag(stem, purpose))) return undefined;
    const expiresAt = new Date(stem.readUIntBE(randomLength, timeLength));
    return now < expiresAt ? { text: bytes.toString('base64url'), expiresAt } : undefined;
  }

  private tag(stem: Buffer, purpose: string): Buffer {
    return createHmac('sha256', this.key).update(stem).update(purpose).digest().subarray(0, tagLength);
  }
}
