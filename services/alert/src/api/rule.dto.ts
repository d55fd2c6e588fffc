import type { BackTestResult } from '../domain/back-test-result.js';
import type { GapTiming } from '../domain/ports.js';
import type { RuleState, RuleVersion, WatchRule } from '../domain/watch-rule.js';
import { type Instant, instant, type PriorityDto, type Reason, type Uuid } from './common.dto.js';

/**
 * LOINC.
 * @pattern ^\d{1,7}-\d$
 * @example "8867-4"
 */
type Code = string;

/**
 * UCUM.
 * @minLength 1
 * @maxLength 40
 * @example "/min"
 */
type Unit = string;

/**
 * @minimum -1000000
 * @maximum 1000000
 * @example 120
 */
type Limit = number;

/**
 * @isInt
 * @minimum 1
 * @maximum 1440
 * @example 30
 */
type UpToADay = number;

/**
 * @isInt
 * @minimum 1
 * @maximum 20
 * @example 2
 */
type Few = number;

/**
 * Hours and minutes on the clock.
 * @pattern ^([01]\d|2[0-3]):[0-5]\d$
 * @example "22:00"
 */
type ClockTime = string;

/** So many of the last readings. */
interface SomeOfTheLast {
  atLeast: Few;
  of: Few;
}

/** All readings of so long. */
interface ForSoLong {
  minutes: UpToADay;
}

/** A value above or below a limit: at once, or sustained. */
interface LevelCondition {
  kind: 'level';
  code: Code;
  unit: Unit;
  above?: Limit;
  below?: Limit;
  sustained?: SomeOfTheLast | ForSoLong;
}

/** A value that rises, or falls, by so much within so long. */
interface RateCondition {
  kind: 'rate';
  code: Code;
  unit: Unit;
  rises?: Limit;
  falls?: Limit;
  withinMinutes: UpToADay;
}

/** No reading has come for so long. */
interface GapCondition {
  kind: 'gap';
  code: Code;
  /**
   * @isInt
   * @minimum 1
   * @maximum 43200
   * @example 1440
   */
  minutes: number;
}

/** NEWS2 of adults; what is missing or older than `freshMinutes` makes it incomplete, and never counts as 0. */
interface ScoreCondition {
  kind: 'score';
  score: 'NEWS2';
  oxygenScale: 1 | 2;
  /**
   * @isInt
   * @minimum 1
   * @maximum 20
   * @example 5
   */
  total: number;
  /** Whether 3 in a single parameter is enough. */
  single: boolean;
  freshMinutes: UpToADay;
}

/** So many normal readings in a row, over so long; normal is what is within these limits, or within those of the rule. */
interface ClearCondition {
  readings: Few;
  minutes?: UpToADay;
  above?: Limit;
  below?: Limit;
}

interface WatchedTimes {
  /**
   * @minItems 1
   * @maxItems 7
   * @example ["mon", "tue"]
   */
  days: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  from: ClockTime;
  /** At or before `from`: on the next day. */
  until: ClockTime;
}

/** When it watches, on the clock of the patient. */
interface Schedule {
  /**
   * IANA; left out: that of the practice.
   * @maxLength 60
   * @example "Europe/Paris"
   */
  zone?: string;
  /**
   * @minItems 1
   * @maxItems 14
   */
  times: WatchedTimes[];
}

interface EscalationStep {
  /**
   * After the alert was raised.
   * @isInt
   * @minimum 0
   * @maximum 1440
   * @example 0
   */
  afterMinutes: number;
  /**
   * Practitioners who are told.
   * @minItems 1
   * @maxItems 5
   * @example ["019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11"]
   */
  to: Uuid[];
}

interface LastResort {
  /**
   * @isInt
   * @minimum 1
   * @maximum 2880
   * @example 30
   */
  afterMinutes: number;
  to: Uuid;
}

/** The whole of a rule, by `alert-rule.schema.json` of the contracts: any engine can run it. */
export interface RuleDocumentDto {
  /**
   * @minLength 1
   * @maxLength 120
   * @example "Pulse above 120 for a quarter of an hour"
   */
  title: string;
  condition: LevelCondition | RateCondition | GapCondition | ScoreCondition;
  clear?: ClearCondition;
  schedule?: Schedule;
  maxAgeMinutes: UpToADay;
  priority: PriorityDto;
  /**
   * @minItems 1
   * @maxItems 6
   */
  steps: EscalationStep[];
  lastResort: LastResort;
  /**
   * @isInt
   * @minimum 1
   * @maximum 480
   * @example 60
   */
  snoozeMinutesMax: number;
  /**
   * While an alert of one of these rules is active for the patient this one does not ring, unless it is more urgent.
   * @maxItems 10
   */
  inhibitedBy?: Uuid[];
}

export interface RuleRequest {
  document: RuleDocumentDto;
  /** Left out: it watches everybody whose readings come. */
  patientId?: Uuid;
  /** A rule of the practice in whose place it stands for the patient. */
  replaces?: Uuid;
}

export interface RuleReplacementRequest {
  document: RuleDocumentDto;
}

export interface EnableRequest {
  /** Signs, in the name of whoever asks, for a rule that was not tested or would ring more often than the budget allows. */
  override?: { reason: Reason };
}

/**
 * How many days of stored readings.
 * @isInt
 * @minimum 1
 * @maximum 90
 * @example 30
 */
type Days = number;

export interface BackTestRequest {
  days: Days;
}

export interface TryOutRequest {
  document: RuleDocumentDto;
  patientId?: Uuid;
  days: Days;
}

export interface GapTimingRequest {
  patientId: Uuid;
  /**
   * After how many minutes without a reading it rings.
   * @isInt
   * @minimum 5
   * @maximum 43200
   * @example 2880
   */
  minutes: number;
  reason: Reason;
}

export interface RuleResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 1
   */
  version: number;
  document: RuleDocumentDto;
  /** Who wrote this version. */
  author: string;
  at: Instant;
  patientId?: Uuid;
  replaces?: Uuid;
  status: RuleState;
  /**
   * The version that is run.
   * @isInt
   * @example 1
   */
  enabledVersion?: number;
  createdAt: Instant;
}

export interface RuleList {
  items: RuleResponse[];
}

export interface RuleVersionResponse {
  /**
   * @isInt
   * @example 1
   */
  version: number;
  document: RuleDocumentDto;
  author: string;
  at: Instant;
}

export interface RuleVersionList {
  items: RuleVersionResponse[];
}

export interface GapTimingResponse {
  ruleId: Uuid;
  patientId: Uuid;
  /**
   * @isInt
   * @example 2880
   */
  minutes: number;
  reason: string;
  author: string;
  at: Instant;
}

export interface GapTimingList {
  items: GapTimingResponse[];
}

/** What a rule would have done: alerts a day, of one patient, at night, and how long the longest would have waited. */
export interface BackTestResponse {
  from: Instant;
  until: Instant;
  /** @isInt */
  days: number;
  /** @isInt */
  patients: number;
  /** @isInt */
  readings: number;
  /** @isInt */
  alerts: number;
  alertsADay: number;
  /** Of the practitioner who would have been called most: what the budget is about. */
  alertsADayOfOne: number;
  /**
   * Between 22 and 7 on the clock of the patient.
   * @isInt
   */
  atNight: number;
  /** @isInt */
  longestMinutes: number;
  /** @maxItems 50 */
  byPatient: { patientId: Uuid; alerts: number }[];
  called: { practitionerId: Uuid; times: number }[];
  /**
   * So often it would have rung of readings that came too late.
   * @isInt
   */
  late: number;
  /** @isInt */
  questions: number;
}

export const toRuleResponse = ({ state, at, createdAt, ...rule }: WatchRule): RuleResponse => ({
  ...rule,
  status: state,
  at: instant(at),
  createdAt: instant(createdAt),
});

export const toRuleVersionResponse = ({ at, ...version }: RuleVersion): RuleVersionResponse => ({
  ...version,
  at: instant(at),
});

export const toGapTimingResponse = ({ at, ...timing }: GapTiming): GapTimingResponse => ({
  ...timing,
  at: instant(at),
});

export const toBackTestResponse = (result: BackTestResult): BackTestResponse => result;
