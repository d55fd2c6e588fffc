import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface AccessRules {
  /** `name:password`, as Spring's clients have it in the address of their registry. */
  basic?: string;
  /** Any one of them opens, sent as `Authorization: Bearer …`. */
  tokens: string[];
}

export type Caller = 'stranger' | 'anyone' | 'password' | 'token';

/** Tells who calls. Without rules everybody may. */
export class Access {
  private readonly basic?: Buffer;
  private readonly tokens: Buffer[];

  constructor({ basic, tokens }: AccessRules) {
    this.basic = basic ? digest(`Basic ${Buffer.from(basic).toString('base64')}`) : undefined;
    this.tokens = tokens.map((token) => digest(`Bearer ${token}`));
  }

  callerOf({ headers }: IncomingMessage): Caller {
    if (!this.basic && this.tokens.length === 0) return 'anyone';
    const shown = digest(headers.authorization ?? '');
    if (this.tokens.some((token) => timingSafeEqual(token, shown))) return 'token';
    return this.basic && timingSafeEqual(this.basic, shown) ? 'password' : 'stranger';
  }
}

// Of equal length whatever it is of, so that comparing tells nothing.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
