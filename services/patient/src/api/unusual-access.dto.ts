import { isEscalated, type UnusualAccess } from '../domain/unusual-access.js';
import { type Reason, textOf } from '../domain/unusual-rules.js';
import type { CalendarDate, Instant, Uuid } from './patient.dto.js';

export interface AccessVerdictRequest {
  finding: 'justified' | 'not-justified';
  /**
   * What was found out; of the case, not of the patient.
   * @minLength 10
   * @maxLength 500
   * @example "Asked: took the call of a colleague who wanted an appointment"
   */
  words: string;
}

export interface AccessVerdictResponse {
  finding: 'justified' | 'not-justified';
  /** Empty once the patient was erased. */
  words: string;
  /** User id of the reviewer. */
  by: string;
  at: Instant;
}

export interface UnusualReason {
  code: Reason;
  /** The same in words. */
  text: string;
}

/** A line of the audit trail. */
export interface AccessLineResponse {
  service: string;
  /** Its place in the chain of that service. */
  sequence: number;
  at: Instant;
  /** Method and route, without ids. */
  action: string;
  /** A code of HL7 v3 PurposeOfUse. */
  purpose?: string;
}

export interface UnusualAccessResponse {
  id: Uuid;
  /** For `If-Match`; one more with each thing more that is found. */
  version: number;
  /** User id of who looked. */
  actor: string;
  practitionerId?: Uuid;
  /** Left out where it is about how many there were. */
  patientId?: Uuid;
  /** Of the practice. */
  day: CalendarDate;
  reasons: UnusualReason[];
  /** How many patients within an hour, where they were many, and how many are usual for who looked. */
  patients?: number;
  usual?: number;
  /** The first twenty. */
  lines: AccessLineResponse[];
  firstAt: Instant;
  lastAt: Instant;
  /** When a verdict is due. */
  dueAt: Instant;
  verdict?: AccessVerdictResponse;
  /** True when nobody has judged it for seven days. */
  escalated: boolean;
}

export interface UnusualAccessPage {
  items: UnusualAccessResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toUnusualAccessResponse = (access: UnusualAccess, now: Date): UnusualAccessResponse => {
  const { ownPatientId: _, isSampled: __, reasons, lines, firstAt, lastAt, dueAt, verdict, ...rest } = access;
  return {
    ...rest,
    reasons: reasons.map((code) => ({ code, text: textOf(code) })),
    lines: lines.map((line) => ({ ...line, at: line.at.toISOString() })),
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    dueAt: dueAt.toISOString(),
    verdict: verdict && { ...verdict, at: verdict.at.toISOString() },
    escalated: isEscalated(access, now),
  };
};

/** What somebody of the practice saw or changed: a line of an audit trail. */
export interface ToldAccessDto {
  /**
   * @isInt
   * @minimum 1
   */
  sequence: number;
  at: Instant;
  /**
   * User id.
   * @maxLength 100
   */
  actor: string;
  /** @maxItems 10 */
  roles: TextOfLine[];
  practitionerId?: Uuid;
  /** @maxLength 20 */
  purpose?: string;
  /** @maxLength 200 */
  action: string;
  /**
   * Ids of the people concerned.
   * @maxItems 400
   */
  subjects: Uuid[];
}

/** @maxLength 40 */
export type TextOfLine = string;

export interface ToldAccessesRequest {
  /**
   * The place in the chain of the trail that it follows.
   * @isInt
   * @minimum 0
   */
  after: number;
  /**
   * The last place that was looked at for it.
   * @isInt
   * @minimum 0
   */
  until: number;
  /**
   * Of the line at `until`: it shows that a trail was cut.
   * @maxLength 64
   */
  hash?: string;
  /** True when nothing more stands in the trail. */
  isAll?: boolean;
  /** @maxItems 200 */
  accesses: ToldAccessDto[];
}

export interface TakenAccessesResponse {
  /** How far it has got: what follows is told next. */
  after: number;
  /** Of the line there, as it was told. */
  hash?: string;
  /** When the trail had last been looked at to its end. */
  lookedAt: Instant;
}
