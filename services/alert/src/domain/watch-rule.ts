import { InvalidInput } from '@cabinet/kit/errors';
import type { Rule } from './engine/evaluate.js';
import { type RuleDocument, ruleDocument } from './engine/rule.js';
import { errorCodes } from './error-codes.js';

export const ruleStates = ['draft', 'enabled', 'disabled'] as const;
export type RuleState = (typeof ruleStates)[number];

/** A rule with its newest version; which one is run is `enabledVersion`. */
export interface WatchRule {
  id: string;
  version: number;
  document: RuleDocument;
  author: string;
  at: Date;
  /** Of one patient; left out: of all. */
  patientId?: string;
  /** For its patient it stands in place of this rule of the practice. */
  replaces?: string;
  state: RuleState;
  enabledVersion?: number;
  createdAt: Date;
}

export interface RuleVersion {
  version: number;
  document: RuleDocument;
  author: string;
  at: Date;
}

const listMax = 20;

/** @throws InvalidInput (422) that names all that is wrong with it */
export function readDocument(given: unknown): RuleDocument {
  const read = ruleDocument.safeParse(given);
  if (read.success) return read.data;
  const fields = read.error.issues.slice(0, listMax).map(({ path, message }) => ({
    path: ['document', ...path].map(String).join('.'),
    code: 'INVALID',
    message,
  }));
  throw new InvalidInput(fields, 'ALERT_RULE.INVALID', errorCodes['ALERT_RULE.INVALID'].title);
}

export const isGap = ({ document }: Pick<WatchRule, 'document'>): boolean => document.condition.kind === 'gap';

/** A value that rings alone has to ring at once, and what is missing is noticed by nothing that comes: the stream runs neither. */
export const isForStream = ({ document: { condition } }: Pick<WatchRule, 'document'>): boolean =>
  condition.kind !== 'gap' && (condition.kind !== 'level' || condition.sustained !== undefined);

/** As an engine runs it. @param gapMinutes the patient's own time in which a reading is missed */
export function runnable(
  { id, version, document }: Pick<WatchRule, 'id' | 'version' | 'document'>,
  gapMinutes?: number,
): Rule {
  const { condition, clear, schedule, maxAgeMinutes } = document;
  const own = condition.kind === 'gap' && gapMinutes ? { ...condition, minutes: gapMinutes } : condition;
  return { id, version, watch: { condition: own, clear, schedule, maxAgeMinutes } };
}
