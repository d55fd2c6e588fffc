import { type Alert, type AlertState, isActive, stateOf } from '../domain/alert.js';
import type { Explanation } from '../domain/find-alerts.js';
import type { AlertNote } from '../domain/ports.js';
import { type Instant, instant, instantOrNone, type PriorityDto, type Uuid } from './common.dto.js';
import type { RuleDocumentDto } from './rule.dto.js';

export interface SnoozeRequest {
  /**
   * At most what the rule allows.
   * @isInt
   * @minimum 1
   * @maximum 480
   * @example 30
   */
  minutes: number;
}

export interface HandOverRequest {
  practitionerId: Uuid;
}

export interface AlertResponse {
  id: Uuid;
  /**
   * @isInt
   * @example 1
   */
  version: number;
  patientId: Uuid;
  ruleId: Uuid;
  /**
   * @isInt
   * @example 1
   */
  ruleVersion: number;
  priority: PriorityDto;
  status: AlertState;
  /** True while somebody still has to see it. */
  isActive: boolean;
  /** When it rang, or would have rung if its readings had not come too late. */
  startedAt: Instant;
  /** From when on values were beyond the limit. */
  since: Instant;
  raisedAt: Instant;
  /**
   * Readings that were beyond the limit.
   * @isInt
   * @example 3
   */
  count: number;
  /** The value, change or total farthest beyond it. */
  worst: number;
  clearedAt?: Instant;
  retractedAt?: Instant;
  acknowledgedAt?: Instant;
  acknowledgedBy?: string;
  /** The practitioner to whom it was handed over. */
  ownerId?: Uuid;
  /** The first of the alerts of the patient that are active together. */
  groupId: Uuid;
  inhibitedBy?: Uuid;
  snoozedUntil?: Instant;
}

export interface AlertList {
  items: AlertResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface CallResponse {
  alertId: Uuid;
  /**
   * How often its steps were laid out; those of a round before tell nobody any more.
   * @isInt
   * @example 1
   */
  generation: number;
  /** False once somebody has seen it, while it is snoozed, and when it is over. */
  isCalling: boolean;
}

/** What happened: raised, called (who was told at which step), acknowledged, snoozed, handed-over, cleared … */
interface AlertNoteDto {
  at: Instant;
  kind: string;
  /** User id; left out for what went by itself. */
  by?: string;
  /** The step and its recipients, until when, to whom. */
  details: Record<string, unknown>;
}

export interface ExplanationResponse {
  alertId: Uuid;
  patientId: Uuid;
  ruleId: Uuid;
  /**
   * @isInt
   * @example 1
   */
  ruleVersion: number;
  /** The rule as it was when it rang, and who wrote it. */
  document: RuleDocumentDto;
  author: string;
  startedAt: Instant;
  since: Instant;
  /** Ids of the readings; the wearable service has them. */
  readingIds: string[];
  /** Of a score: what was not known. */
  missing: string[];
  notes: AlertNoteDto[];
}

export const toAlertResponse = (alert: Alert, now: Date): AlertResponse => ({
  id: alert.id,
  version: alert.version,
  patientId: alert.patientId,
  ruleId: alert.ruleId,
  ruleVersion: alert.ruleVersion,
  priority: alert.priority,
  status: stateOf(alert, now),
  isActive: isActive(alert),
  startedAt: instant(alert.startedAt),
  since: instant(alert.since),
  raisedAt: instant(alert.raisedAt),
  count: alert.count,
  worst: alert.worst,
  clearedAt: alert.isLate ? undefined : instantOrNone(alert.clearedAt),
  retractedAt: instantOrNone(alert.retractedAt),
  acknowledgedAt: instantOrNone(alert.acknowledgedAt),
  acknowledgedBy: alert.acknowledgedBy,
  ownerId: alert.owner,
  groupId: alert.groupId,
  inhibitedBy: alert.inhibitedBy,
  snoozedUntil: instantOrNone(alert.snoozedUntil),
});

const toNote = ({ at, ...note }: AlertNote): AlertNoteDto => ({ ...note, at: instant(at) });

export const toExplanationResponse = ({ alert, document, author, notes }: Explanation): ExplanationResponse => ({
  alertId: alert.id,
  patientId: alert.patientId,
  ruleId: alert.ruleId,
  ruleVersion: alert.ruleVersion,
  document,
  author,
  startedAt: instant(alert.startedAt),
  since: instant(alert.since),
  readingIds: alert.because,
  missing: alert.missing,
  notes: notes.map(toNote),
});
