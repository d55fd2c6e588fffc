import type { Silence } from '../domain/ports.js';
import { type Instant, instant, instantOrNone, type Reason, type Uuid } from './common.dto.js';

export interface SilenceRequest {
  /** One of the two, or both: of this patient, of this rule. */
  patientId?: Uuid;
  ruleId?: Uuid;
  /** The most urgent that it silences; never high. */
  upTo: 'low' | 'medium';
  /** Left out: from now on. */
  from?: Instant;
  /** Within 30 days. */
  until: Instant;
  reason: Reason;
}

export interface SilenceResponse {
  id: Uuid;
  patientId?: Uuid;
  ruleId?: Uuid;
  upTo: 'low' | 'medium';
  from: Instant;
  until: Instant;
  reason: string;
  author: string;
  endedAt?: Instant;
  endedBy?: string;
}

export interface SilenceList {
  items: SilenceResponse[];
}

export const toSilenceResponse = ({ from, until, endedAt, ...silence }: Silence): SilenceResponse => ({
  ...silence,
  from: instant(from),
  until: instant(until),
  endedAt: instantOrNone(endedAt),
});
