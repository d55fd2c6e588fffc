import { type Fate, keepingRules } from '@cabinet/service/erasure-receipt';
import type { ErasureState, KeptReceipt } from '../domain/erasure.js';
import { type LegalHoldResponse, toLegalHoldResponse } from './legal-hold.dto.js';
import type { Instant, Uuid } from './patient.dto.js';

export interface FateResponse {
  /**
   * What it is, in the words of the service.
   * @example "entries"
   */
  kind: string;
  /** How many there were; left out where nobody counts. */
  count?: number;
  /** `anonymised`: what is left says nothing of the patient but the bare id. */
  outcome: 'erased' | 'anonymised' | 'kept';
  /** Of what is kept: why. */
  reason?: 'medical-record' | 'access-trail';
  /** The rule, in words. */
  rule?: string;
  /** Until when it is kept, where that is known. */
  until?: Instant;
}

export interface ReceiptResponse {
  service: string;
  /** The registration that it is about. */
  patientId: Uuid;
  receivedAt: Instant;
  what: FateResponse[];
}

export interface ErasureResponse {
  patientId: Uuid;
  /** `none`: nobody has erased them. `held`: nobody can. `waiting`: a receipt is missing. `done`: every service has given its own. */
  state: 'none' | 'held' | 'waiting' | 'done';
  /** With `held`: by which rule, until when. */
  hold?: LegalHoldResponse;
  erasedAt?: Instant;
  /** User id. */
  erasedBy?: string;
  /** Whole hours since. */
  ageHours?: number;
  /** With `waiting`: services that have not said yet what they did. They do so once they are there. */
  waitsFor?: string[];
  /** All registrations that were erased: the patient's, and those that had been merged into it. */
  patientIds?: Uuid[];
  receipts?: ReceiptResponse[];
}

export interface ErasurePage {
  items: ErasureResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export function toErasureResponse(found: ErasureState, now: Date): ErasureResponse {
  const { state, patientId } = found;
  switch (found.state) {
    case 'none':
      return { patientId, state };
    case 'held':
      return { patientId, state, hold: toLegalHoldResponse(found.hold) };
    case 'waiting':
    case 'done': {
      const { erasedAt, erasedBy, patientIds, receipts } = found.erasure;
      return {
        patientId,
        state,
        erasedAt: erasedAt.toISOString(),
        erasedBy,
        ageHours: Math.floor((now.getTime() - erasedAt.getTime()) / 3_600_000),
        waitsFor: found.waitsFor,
        patientIds,
        receipts: receipts.map(toReceiptResponse),
      };
    }
    default:
      return found satisfies never;
  }
}

const toReceiptResponse = ({ service, patientId, receivedAt, what }: KeptReceipt): ReceiptResponse => ({
  service,
  patientId,
  receivedAt: receivedAt.toISOString(),
  what: what.map(toFateResponse),
});

const toFateResponse = ({ kind, count, outcome, reason, until }: Fate): FateResponse => ({
  kind,
  count,
  outcome,
  ...(reason && { reason, rule: keepingRules[reason] }),
  until,
});
