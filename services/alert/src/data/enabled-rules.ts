import type { EntityManager } from '@cabinet/postgres/orm';
import type { RuleDocument } from '../domain/engine/rule.js';
import { arrayOf } from './fragments.js';

/** A rule that is run, in the version that was enabled. */
export interface EnabledRule {
  id: string;
  version: number;
  document: RuleDocument;
  patientId: string | null;
  replaces: string | null;
}

/**
 * @param gapsOnly once it was on and is off: what is missing goes on being watched
 * @param patientIds besides those of the practice only those of these patients, of whom there may be very many; left out: of all
 */
export function enabledRules(
  tx: EntityManager,
  gapsOnly: boolean,
  patientIds?: readonly string[],
): Promise<EnabledRule[]> {
  const conditions = [
    `r.status = 'enabled'`,
    ...(gapsOnly ? [`v.document->'condition'->>'kind' = 'gap'`] : []),
    ...(patientIds ? ['(r.patient_id is null or r.patient_id = any(?::uuid[]))'] : []),
  ];
  return tx.execute<EnabledRule[]>(
    `select r.id, v.version, v.document, r.patient_id as "patientId", r.replaces
     from alert_rule r join alert_rule_version v on v.rule_id = r.id and v.version = r.enabled_version
     where ${conditions.join(' and ')} order by r.id`,
    patientIds ? [arrayOf(patientIds)] : [],
  );
}

/** Those that are run for a patient: a rule of their own may stand in place of one of the practice. */
export function rulesFor(rules: readonly EnabledRule[], patientId: string): EnabledRule[] {
  const own = rules.filter((rule) => rule.patientId === patientId);
  const replaced = new Set(own.map(({ replaces }) => replaces));
  return rules.filter(({ id, patientId: of }) => of === patientId || (of === null && !replaced.has(id)));
}
