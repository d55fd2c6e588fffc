import { Conflict } from '@cabinet/kit/errors';
import type { HeldClaim, IdempotencyKey } from '@cabinet/kit/http/request-context';

/** The first answer to a request, kept so that a repeat gets it again. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The people whose data is in it: for the audit trail, and to forget it with them. */
  subjects?: string[];
  /** Why it was given, where that was noted: a repeat is on the trail for the same. */
  purpose?: string;
  /** For whom it was, where that was another person. */
  onBehalfOf?: string;
  /** True when it shows what a minor keeps from their guardians, who do not see that it was given again either. */
  isKeptFromGuardians?: boolean;
}

export type Claim =
  | { kind: 'first'; claim: HeldClaim }
  | { kind: 'in-flight' }
  | { kind: 'other-body' }
  | { kind: 'done'; answer: KeptAnswer };

/** Where keys are kept, 24 hours at least. A claim that was neither completed nor extended for a minute lapses. */
export interface IdempotencyStore {
  claim(key: IdempotencyKey, bodyHash: string): Promise<Claim>;
  /** Says that the first request still runs. */
  extend(claim: HeldClaim): Promise<void>;
  complete(claim: HeldClaim, answer: KeptAnswer): Promise<void>;
  /** Gives the key free: nothing came of the request. */
  release(claim: HeldClaim): Promise<void>;
  /** Lets the claim lapse at once: what its request created or changed may be stored, which a repeat is to find. */
  lapse(claim: HeldClaim): Promise<void>;
  /** Removes what has been kept for longer than it serves. */
  sweep(): Promise<void>;
}

export const inFlight = (): Conflict =>
  new Conflict('REQUEST.IN_FLIGHT', 'The first request with this Idempotency-Key is still running', {
    retryAfterSeconds: 1,
  });

/** A claim lapses when its process has not extended it for so long: it has died. */
export const lapsesMs = 60_000;

export const keptMs = 24 * 60 * 60_000;

/** The operation of an import, without its query: its answer hands back lines that could not be taken, of people with no id. */
export const anImport = 'POST /api/[^?"]*/import';
