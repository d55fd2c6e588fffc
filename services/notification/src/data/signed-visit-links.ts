import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@cabinet/service/seal';
import { acts, type VisitLink, type VisitLinkTokens } from '../domain/links/visit-link.js';

const [idBytes, signatureBytes] = [16, 16];
const bytes = idBytes + 1 + signatureBytes;
// Only added to, at the end: links that were sent name them by number.
const targets: readonly VisitLink['to'][] = ['choose', ...acts];

/**
 * The message, the act and a signature (HMAC-SHA-256, 128 bits), 44 characters in all, as an SMS has little room. The message is an id
 * of ours; when it ends, and whose it is, follows from it.
 */
export class SignedVisitLinks implements VisitLinkTokens {
  private readonly keys: readonly Buffer[];

  /** The first secret signs, every one is believed. */
  constructor(secrets: readonly string[]) {
    this.keys = secrets.map((secret) => deriveKey('notification', secret, 'visit-links'));
  }

  write({ decisionId, to }: VisitLink): string {
    const said = Buffer.concat([Buffer.from(decisionId.replaceAll('-', ''), 'hex'), Buffer.of(targets.indexOf(to))]);
    return Buffer.concat([said, signature(this.keys[0] as Buffer, said)]).toString('base64url');
  }

  read(token: string): VisitLink | undefined {
    if (!/^[\w-]{44}$/.test(token)) return undefined;
    const all = Buffer.from(token, 'base64url');
    const [said, signed] = [all.subarray(0, idBytes + 1), all.subarray(idBytes + 1, bytes)];
    const to = targets[said[idBytes] as number];
    if (!to || !this.keys.some((key) => timingSafeEqual(signature(key, said), signed))) return undefined;
    const hex = said.subarray(0, idBytes).toString('hex');
    return { decisionId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), to };
  }
}

const signature = (key: Buffer, said: Buffer): Buffer =>
  createHmac('sha256', key).update(said).digest().subarray(0, signatureBytes);
