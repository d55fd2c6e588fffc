import { type Priority, type RuleDocument, rankOf } from './engine/rule.js';

/** An episode that a rule found, and what people made of it. */
export interface Alert {
  id: string;
  version: number;
  /** `patient|rule|start`. */
  key: string;
  patientId: string;
  ruleId: string;
  ruleVersion: number;
  priority: Priority;
  startedAt: Date;
  since: Date;
  raisedAt: Date;
  count: number;
  worst: number;
  because: string[];
  missing: string[];
  /** Its readings came too late: it would have rung at `startedAt`, and rang nobody. */
  isLate: boolean;
  clearedAt?: Date;
  retractedAt?: Date;
  acknowledgedAt?: Date;
  acknowledgedBy?: string;
  /** The practitioner to whom it was handed over. */
  owner?: string;
  /** Practitioners whom its rule may tell, and those to whom it was handed over. */
  watchers: string[];
  /** The first of the alerts of the patient that are active together. */
  groupId: string;
  inhibitedBy?: string;
  snoozedUntil?: Date;
  /** How often its steps were laid out. */
  generation: number;
}

export const alertStates = ['open', 'acknowledged', 'snoozed', 'inhibited', 'cleared', 'retracted', 'late'] as const;
export type AlertState = (typeof alertStates)[number];

export function stateOf(alert: Alert, now: Date): AlertState {
  if (alert.isLate) return 'late';
  if (alert.retractedAt) return 'retracted';
  if (alert.clearedAt) return 'cleared';
  if (alert.acknowledgedAt) return 'acknowledged';
  if (alert.inhibitedBy) return 'inhibited';
  return alert.snoozedUntil && alert.snoozedUntil > now ? 'snoozed' : 'open';
}

/** Whether somebody still has to see it: what is most urgent and has cleared unseen stays. */
export const isActive = ({ isLate, retractedAt, clearedAt, priority, acknowledgedAt }: Alert): boolean =>
  !isLate && !retractedAt && (!clearedAt || (priority === 'high' && !acknowledgedAt));

/** A time at which somebody is told, if nobody has answered by then. */
export interface PlannedStep {
  step: number;
  isLastResort: boolean;
  recipients: string[];
  dueAt: Date;
}

const minute = 60_000;

/** All of them from a time on: when it was raised, when a snooze ends, or when somebody else has taken over. */
export function stepsFrom(document: RuleDocument, from: Date, owner?: string): PlannedStep[] {
  const { steps, lastResort } = document;
  const after = (minutes: number) => new Date(from.getTime() + minutes * minute);
  const planned = steps.map(({ afterMinutes, to }, step) => ({
    step,
    isLastResort: false,
    recipients: to,
    dueAt: after(afterMinutes),
  }));
  const last = {
    step: steps.length,
    isLastResort: true,
    recipients: [lastResort.to],
    dueAt: after(lastResort.afterMinutes),
  };
  // Who takes it over hears of it at once; the later steps stay as they are.
  const first = planned[0];
  if (owner && first) Object.assign(first, { recipients: [owner], dueAt: from });
  return [...planned, last];
}

/** What is to be done about a step that is due. */
export type StepDecision = { kind: 'tell' } | { kind: 'stop' } | { kind: 'postpone'; until: Date };

/** Somebody is still to see it: it is not over, and neither answered nor kept quiet by one that is more urgent. */
const waits = (alert: Alert): boolean => isActive(alert) && !alert.acknowledgedAt && !alert.inhibitedBy;

/** Whether who was told of it, or is about to be, still is to see it. */
export const isCalling = (alert: Alert, now: Date): boolean =>
  waits(alert) && !(alert.snoozedUntil && alert.snoozedUntil > now);

/** @param silencedUntil by whoever silenced the patient or the rule, if that is so now */
export function decideStep(alert: Alert, generation: number, silencedUntil: Date | undefined, now: Date): StepDecision {
  if (!waits(alert) || generation !== alert.generation) return { kind: 'stop' };
  const until = [alert.snoozedUntil, silencedUntil].find((end) => end && end > now);
  return until ? { kind: 'postpone', until } : { kind: 'tell' };
}

/** What another alert of the same patient is to one that is raised. */
export type Beside = Pick<Alert, 'id' | 'ruleId' | 'priority' | 'groupId'>;

/** Which active alert of the patient keeps one from ringing: never one that is less urgent. */
export function inhibitorOf(document: RuleDocument, active: readonly Beside[]): string | undefined {
  const { inhibitedBy = [], priority } = document;
  return active.find((each) => inhibitedBy.includes(each.ruleId) && rankOf(each.priority) >= rankOf(priority))?.id;
}
