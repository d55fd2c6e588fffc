import { setTimeout as delay } from 'node:timers/promises';
import { Refused } from './operation.ts';

/** What goes wrong on purpose, for one operation or (`*`) all. */
export interface Fault {
  operation: string;
  /**
   * A status, or `offline`: the connection breaks before it is heard, or `cut`: it breaks after it was done, without an answer.
   * Left out: it only takes longer.
   */
  answers?: keyof typeof refusals | 'offline' | 'cut';
  delayMs?: number;
  /** How often; without end when it is left out. */
  times?: number;
}

/** Each as a service says it: code, title and what else stands in the body. */
export const refusals = {
  401: ['ACCESS.TOKEN_ENDED', 'What the access token stood for has ended', {}],
  403: ['RECORD.NOT_YOUR_RECORD', 'The record is not open to you', {}],
  409: ['APPOINTMENT.SLOT_TAKEN', 'The slot has been taken', { nextFreeSlots: [] }],
  412: ['REQUEST.STALE', 'Somebody else changed this', {}],
  413: ['REQUEST.TOO_LARGE', 'The body is too large', {}],
  415: ['REQUEST.UNSUPPORTED_ENCODING', 'The encoding is not supported', {}],
  422: [
    'REQUEST.INVALID',
    'The request breaks a rule',
    { fields: [{ path: 'reason', code: 'TOO_LONG', message: 'is too long' }] },
  ],
  428: ['REQUEST.IF_MATCH_MISSING', 'If-Match is missing', {}],
  429: ['REQUEST.TOO_MANY', 'Too many requests', { retryAfter: 5 }],
  503: ['GATEWAY.NO_INSTANCE', 'A service does not run', { service: 'appointment', retryAfter: 5 }],
} as const satisfies Record<number, [code: string, title: string, more: Record<string, unknown>]>;

export const faultNames = [...Object.keys(refusals), 'offline', 'cut'];

/** The connection is to break. */
export class Offline extends Error {}

/** The faults that are wanted now; the last one of an operation counts. */
export class Faults {
  private wanted: Fault[] = [];

  get all(): readonly Fault[] {
    return this.wanted;
  }

  want(fault: Fault): void {
    this.wanted = [...this.wanted.filter(({ operation }) => operation !== fault.operation), fault];
  }

  clear(): void {
    this.wanted = [];
  }

  /**
   * Waits, refuses or breaks off, as is wanted of this operation.
   * @param isOneOfAll false for those of signing in, which are met by their own name alone: pages are to be reached
   * @returns true when it is to be done, and its answer lost
   * @throws Refused, Offline
   */
  async meet(operation: string, isOneOfAll = true): Promise<boolean> {
    const fault =
      this.wanted.find((each) => each.operation === operation) ??
      this.wanted.find((each) => isOneOfAll && each.operation === '*');
    if (!fault) return false;
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.wanted = this.wanted.filter((each) => each !== fault);
    }
    if (fault.delayMs) await delay(fault.delayMs);
    if (fault.answers === 'offline') throw new Offline();
    if (!fault.answers || fault.answers === 'cut') return fault.answers === 'cut';
    const [code, title, more] = refusals[fault.answers];
    throw new Refused(Number(fault.answers), code, title, more);
  }
}
