import type { Alert, PlannedStep } from './alert.js';
import type { BackTestResult } from './back-test-result.js';
import type { Reading } from './engine/reading.js';
import type { Heartbeat, Settings } from './settings.js';
import type { RuleVersion, WatchRule } from './watch-rule.js';

/** What others hear of an alert, as `alert.<kind>`. */
export type Happening =
  | { kind: 'raised' | 'acknowledged' | 'cleared' | 'retracted' }
  | { kind: 'called'; step: number; isLastResort: boolean; recipients: string[] }
  | { kind: 'snoozed'; until: Date }
  | { kind: 'handed-over'; practitionerId: string };
export type Told = Pick<Alert, 'id' | 'version' | 'patientId' | 'ruleId' | 'priority' | 'groupId' | 'generation'>;

/** Whether readings come: of all patients together. */
export interface Sight {
  sees: boolean;
  since: Date;
}

/** What happened to an alert, in order: who was told what when, and who did what. */
export interface AlertNote {
  at: Date;
  kind: string;
  /** User id; left out for what went by itself. */
  by?: string;
  details: Record<string, unknown>;
}

export interface AlertFilter {
  /** Of this practitioner, who watches over it. */
  watcher: string;
  patientId?: string;
  active?: boolean;
}

/** Where a page of alerts ended: most urgent first, then latest. */
export type AlertPlace = [priority: number, startedAt: number, id: string];

/** What becomes of an alert when somebody answers it, and what is told and noted of it. */
export interface AlertChange {
  alert: Alert;
  /** Steps that take the place of those which have not come; empty: nobody is told any more. Left out: they stay. */
  steps?: PlannedStep[];
  told?: Happening;
  note: Omit<AlertNote, 'at'>;
}

export interface Alerts {
  find(id: string): Promise<Alert | undefined>;
  list(filter: AlertFilter, limit: number, after?: AlertPlace): Promise<Alert[]>;
  ofPatient(patientId: string): Promise<Alert[]>;
  notesOf(alertId: string): Promise<AlertNote[]>;
  /**
   * Stores what `decide` makes of it, all or nothing; nobody else changes it meanwhile. Undefined from `decide`: nothing is to change.
   * @throws NotFound (404)
   */
  change(id: string, decide: (current: Alert) => AlertChange | undefined): Promise<Alert>;
}

export interface Rules {
  find(id: string): Promise<WatchRule | undefined>;
  /** Those of the whole practice, and those of a patient if one is given. */
  list(patientId?: string): Promise<WatchRule[]>;
  versions(ruleId: string): Promise<RuleVersion[]>;
  /** @returns it as it is stored: for the patient whom its patient turned out to be */
  add(rule: WatchRule): Promise<WatchRule>;
  /** Stores the next version. @throws 412 when it has changed meanwhile */
  revise(rule: WatchRule): Promise<void>;
  /** From now on its newest version is run. */
  enable(rule: WatchRule, at: Date, by: string, basis: object): Promise<void>;
  disable(rule: WatchRule): Promise<void>;
  noteBackTest(rule: WatchRule, at: Date, by: string, result: BackTestResult): Promise<void>;
  /** The last one of a version since a time. */
  backTestOf(ruleId: string, version: number, since: Date): Promise<BackTestResult | undefined>;
  retime(timing: GapTiming): Promise<void>;
  timingsOf(ruleId: string, patientId?: string): Promise<GapTiming[]>;
}

/** In which time a reading of a patient is missed, by a named author. */
export interface GapTiming {
  ruleId: string;
  patientId: string;
  minutes: number;
  reason: string;
  author: string;
  at: Date;
}

export interface Silence {
  id: string;
  patientId?: string;
  ruleId?: string;
  /** The most urgent that it silences: never what is of high priority. */
  upTo: 'low' | 'medium';
  from: Date;
  until: Date;
  reason: string;
  author: string;
  endedAt?: Date;
  endedBy?: string;
}

export interface Silences {
  find(id: string): Promise<Silence | undefined>;
  /** Those that have not ended. */
  list(now: Date): Promise<Silence[]>;
  add(silence: Silence): Promise<void>;
  end(id: string, at: Date, by: string): Promise<void>;
}

/** A reading that rang nobody because something is wrong with it. */
export interface Question {
  id: string;
  patientId: string;
  code: string;
  doubt: string;
  readingIds: string[];
  count: number;
  watchers: string[];
  askedAt: Date;
  lastAt: Date;
}
export const answers = ['mine', 'not-mine', 'wrong', 'right'] as const;
export type QuestionAnswer = (typeof answers)[number];

export interface Questions {
  find(id: string): Promise<Question | undefined>;
  /** Those without an answer, for who watches over them. */
  list(watcher: string, limit: number): Promise<Question[]>;
  ofPatient(patientId: string): Promise<Question[]>;
  answer(id: string, answer: QuestionAnswer, at: Date, by: string): Promise<void>;
}

/** All rules that are run, as they are told to the stream. */
export interface RulesInForce {
  version: number;
  isInForce: boolean;
  zone: string;
  rules: {
    id: string;
    version: number;
    patientId?: string;
    replaces?: string;
    enabledAt: string;
    watch: Record<string, unknown>;
  }[];
}

export interface SettingsStore {
  read(): Promise<Settings>;
  /** @throws 412 when they have changed meanwhile */
  save(settings: Settings): Promise<void>;
  heartbeats(): Promise<Heartbeat[]>;
}

export interface Neighbours {
  /**
   * Which of them work here and have an address at which they are told of alerts.
   * @throws Unavailable (503) when the practitioner service cannot be asked
   */
  reachable(practitionerIds: readonly string[]): Promise<Set<string>>;
}

/** What has been measured, as the wearable service keeps it. */
export interface ReadingLog {
  /** Patients of whom there is anything since a time. */
  patients(since: Date): Promise<string[]>;
  /**
   * Readings of these codes taken in between, in no order; `max` at most and one more.
   * @throws Unavailable (503) when it cannot be asked
   */
  readings(patientId: string, codes: readonly string[], from: Date, until: Date, max: number): Promise<Reading[]>;
}

/** That an alert has changed; positions grow in the order in which changes were committed. */
export interface NotedChange {
  position: number;
  alertId: string;
  watchers: string[];
}

export interface AlertChanges {
  /** The position of the last one. */
  last(): Promise<number>;
  since(position: number, limit: number): Promise<NotedChange[]>;
  /** True when all since then are still known. */
  knows(position: number): Promise<boolean>;
  /** Forgets what nobody comes back for any more. */
  forgetOld(before: Date): Promise<void>;
}
