import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { toAppName } from '../domain/instance.js';

export interface AccessRules {
  /** `name:password`, as Spring's clients have it in the address of their registry; may do everything. */
  basic?: string;
  /** Any one of them opens everything, sent as `Authorization: Bearer …`. */
  tokens: string[];
  /** The token of each process, by the name of its application: it changes that one, and reads. */
  processTokens: ReadonlyMap<string, string>;
}

export interface Caller {
  mayRead: boolean;
  /** Whose leases it may change. */
  changes: 'all' | 'none' | { app: string };
  /** Has shown a token, so it is one of ours. */
  isOurs: boolean;
}

/** Tells who calls and what they may. Without any rules everybody may do everything. */
export class Access {
  private readonly basic?: Buffer;
  private readonly tokens: Buffer[];
  private readonly processes: { app: string; token: Buffer }[];
  private readonly stranger: Caller;

  constructor({ basic, tokens, processTokens }: AccessRules) {
    this.basic = basic === undefined ? undefined : digest(basic);
    this.tokens = tokens.map(digest);
    this.processes = Array.from(processTokens, ([app, token]) => ({ app: toAppName(app), token: digest(token) }));
    const mayRead = basic === undefined && tokens.length === 0;
    this.stranger = { mayRead, changes: mayRead && processTokens.size === 0 ? 'all' : 'none', isOurs: false };
  }

  callerOf({ headers }: IncomingMessage): Caller {
    const [, scheme = '', shown = ''] = /^(bearer|basic) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    switch (scheme.toLowerCase()) {
      case 'bearer':
        return this.byToken(digest(shown));
      case 'basic':
        return this.byPassword(Buffer.from(shown, 'base64').toString('utf8'));
      default:
        return this.stranger;
    }
  }

  private byToken(shown: Buffer): Caller {
    if (this.tokens.some((token) => timingSafeEqual(token, shown))) return { ...all, isOurs: true };
    const process = this.processes.find(({ token }) => timingSafeEqual(token, shown));
    return process ? { mayRead: true, changes: { app: process.app }, isOurs: true } : this.stranger;
  }

  // Spring's clients have no other way to show the token of a process than as the password of its name.
  private byPassword(shown: string): Caller {
    if (this.basic && timingSafeEqual(this.basic, digest(shown))) return { ...all, isOurs: false };
    const colon = shown.indexOf(':');
    const caller = this.byToken(digest(shown.slice(colon + 1)));
    const isNamed = typeof caller.changes === 'object' && caller.changes.app === toAppName(shown.slice(0, colon));
    return isNamed ? caller : this.stranger;
  }
}

const all = { mayRead: true, changes: 'all' } as const;

// Of equal length whatever it is of, so that comparing tells nothing.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
