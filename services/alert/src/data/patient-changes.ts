import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import { forgetAnswersOf } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';

import type { TellRules } from './tell-rules.js';

const patientChanges = 7_410_010;

/** For who adds something: it is added before a patient is merged or erased, or after, and never unseen in between. */
export const waitForPatientChanges = (tx: EntityManager): Promise<unknown> =>
  tx.execute('select pg_advisory_xact_lock_shared(?)', [patientChanges]);

/** What becomes of a patient's rules and alerts when the patient is merged into another, or erased. */
export class PatientChanges {
  constructor(
    private readonly receipts: EventSource<[ErasureReceipt]>,
    private readonly rules: TellRules,
  ) {}

  /** Of one who was merged into somebody erased nothing stays either. */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    const intoPatientId = await noteMerged(tx, patientId, into);
    if (!intoPatientId) {
      await this.forget(tx, patientId);
      return;
    }
    // Engines know an episode by its patient; should both have one of a rule and a start, each stays what it is.
    await tx.execute(
      `update alert a set key = ? || substr(key, 37) where patient_id = ?
         and not exists (select from alert o where o.key = ? || substr(a.key, 37))`,
      [intoPatientId, patientId, intoPatientId],
    );
    for (const table of ['alert', 'alert_rule', 'silence', 'gap_timing']) {
      await tx.execute(`update ${table} set patient_id = ? where patient_id = ?`, [intoPatientId, patientId]);
    }
    // One open question of a kind is enough.
    await tx.execute(
      `update question q set patient_id = ? where patient_id = ? and (answered_at is not null or not exists (
         select from question o where o.patient_id = ? and o.code = q.code and o.doubt = q.doubt and o.answered_at is null))`,
      [intoPatientId, patientId, intoPatientId],
    );
    await tx.execute('delete from question where patient_id = ?', [patientId]);
    // What was known of the one is not known of both: it begins anew with the next reading, but a gap goes on.
    await tx.execute(
      `update engine_state s set patient_id = ?, state = jsonb_set(state, '{patientId}', to_jsonb(?::text))
       where patient_id = ? and not exists (select from engine_state o where o.patient_id = ? and o.rule_id = s.rule_id)`,
      [intoPatientId, intoPatientId, patientId, intoPatientId],
    );
    await tx.execute('delete from engine_state where patient_id = ?', [patientId]);
    await tx.execute('delete from heard_patient where patient_id = ?', [patientId]);
    await this.rules.tell(tx);
  }

  /** What became of what there was is told with it. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    await noteErased(tx, patientId);
    await this.receipts.enqueue(tx, { patientId, what: await this.forget(tx, patientId) });
    await this.rules.tell(tx);
  }

  private async forget(tx: EntityManager, patientId: string): Promise<Fate[]> {
    const gone = async (table: string) =>
      (await tx.execute(`delete from ${table} where patient_id = ? returning patient_id`, [patientId])).length;
    const [alerts, questions, silences] = [await gone('alert'), await gone('question'), await gone('silence')];
    await gone('engine_state');
    await gone('gap_timing');
    await gone('heard_patient');
    await tx.execute('update alert_rule set replaces = null where patient_id = ?', [patientId]);
    return [
      { kind: 'alerts', count: alerts, outcome: 'erased' },
      { kind: 'questions', count: questions, outcome: 'erased' },
      { kind: 'silences', count: silences, outcome: 'erased' },
      { kind: 'rules', count: await gone('alert_rule'), outcome: 'erased' },
      { kind: 'keptAnswers', count: await forgetAnswersOf(tx, patientId), outcome: 'erased' },
      keptTrail,
    ];
  }
}
