import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import { forgetAnswersOf } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';

const patientChanges = 7_410_010;

/** For who adds something: it is added before a patient is merged or erased, or after, and never unseen in between. */
export const waitForPatientChanges = (tx: EntityManager): Promise<unknown> =>
  tx.execute('select pg_advisory_xact_lock_shared(?)', [patientChanges]);

/** What becomes of all that is kept of a patient when they are merged into another, or erased. */
export class PatientChanges {
  constructor(private readonly receipts: EventSource<[ErasureReceipt]>) {}

  /** Of one who was merged into somebody erased nothing stays either. */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    const intoId = await noteMerged(tx, patientId, into);
    if (!intoId) {
      await this.forget(tx, patientId);
      return;
    }
    // Both were to be told the same, as child and guardian: they turned out to be one, who is told once.
    await tx.execute(
      `delete from decision as doubled using decision as kept
       where doubled.recipient_id = ? and kept.recipient_id = ? and kept.occasion_id = doubled.occasion_id
         and kept.occasion_version = doubled.occasion_version and kept.kind = doubled.kind and kept.step = doubled.step
         and kept.channel = doubled.channel and kept.nth = doubled.nth`,
      [patientId, intoId],
    );
    await tx.execute(
      `update decision set version = version + 1, patient_id = ?, together = replace(together, patient_id::text, ?)
       where patient_id = ?`,
      [intoId, intoId, patientId],
    );
    await tx.execute(
      `update decision set version = version + 1, recipient_id = ?, together = replace(together, recipient_id::text, ?)
       where recipient_id = ?`,
      [intoId, intoId, patientId],
    );
    await tx.execute(
      `delete from unreachable_address as doubled using unreachable_address as kept
       where doubled.recipient_id = ? and kept.recipient_id = ? and kept.channel = doubled.channel and kept.digest = doubled.digest`,
      [patientId, intoId],
    );
    await tx.execute('update unreachable_address set recipient_id = ? where recipient_id = ?', [intoId, patientId]);
    await tx.execute('update visit set patient_id = ? where patient_id = ?', [intoId, patientId]);
    await tx.execute('update acting set patient_id = ? where patient_id = ?', [intoId, patientId]);
    await tx.execute('update acting set related_patient_id = ? where related_patient_id = ?', [intoId, patientId]);
    await tx.execute('update push_subscription set patient_id = ? where patient_id = ?', [intoId, patientId]);
    await tx.execute('update webhook_delivery set patient_id = ? where patient_id = ?', [intoId, patientId]);
    // What the one who stays has said holds.
    await tx.execute(
      `update preference set patient_id = ? where patient_id = ? and not exists (select from preference where patient_id = ?)`,
      [intoId, patientId, intoId],
    );
    await tx.execute('delete from preference where patient_id = ?', [patientId]);
  }

  /** What became of what there was is told with it. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    await noteErased(tx, patientId);
    await this.receipts.enqueue(tx, { patientId, what: await this.forget(tx, patientId) });
  }

  private async forget(tx: EntityManager, patientId: string): Promise<Fate[]> {
    const removed = async (sql: string, ...ids: string[]) =>
      (await tx.execute<unknown[]>(`${sql} returning 1`, ids)).length;
    const both = [patientId, patientId] as const;
    return [
      {
        kind: 'notifications',
        count: await removed('delete from decision where patient_id = ? or recipient_id = ?', ...both),
        outcome: 'erased',
      },
      { kind: 'visits', count: await removed('delete from visit where patient_id = ?', patientId), outcome: 'erased' },
      {
        kind: 'families',
        count: await removed('delete from acting where patient_id = ? or related_patient_id = ?', ...both),
        outcome: 'erased',
      },
      {
        kind: 'preferences',
        count: await removed('delete from preference where patient_id = ?', patientId),
        outcome: 'erased',
      },
      {
        kind: 'pushSubscriptions',
        count: await removed('delete from push_subscription where patient_id = ?', patientId),
        outcome: 'erased',
      },
      {
        kind: 'unreachableAddresses',
        count: await removed('delete from unreachable_address where recipient_id = ?', patientId),
        outcome: 'erased',
      },
      {
        kind: 'webhookDeliveries',
        count: await removed('delete from webhook_delivery where patient_id = ?', patientId),
        outcome: 'erased',
      },
      { kind: 'keptAnswers', count: await forgetAnswersOf(tx, patientId), outcome: 'erased' },
      keptTrail,
    ];
  }
}
