import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import { forgetAnswersOf } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import type { Happening, Told } from '../domain/ports.js';
import { NotificationSchema } from './notification.schema.js';

export type NotificationEvents = EventSource<[Told, Happening]>;

const patientChanges = 7_410_010;

/** For who adds something: it is added before a patient is merged or erased, or after, and never unseen in between. */
export const waitForPatientChanges = (tx: EntityManager): Promise<unknown> =>
  tx.execute('select pg_advisory_xact_lock_shared(?)', [patientChanges]);

/** What becomes of a patient's notifications when the patient is merged into another, or erased. */
export class PatientChanges {
  constructor(
    private readonly events: NotificationEvents,
    private readonly receipts: EventSource<[ErasureReceipt]>,
  ) {}

  /** Of one who was merged into somebody erased nothing stays either. */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    const intoPatientId = await noteMerged(tx, patientId, into);
    if (!intoPatientId) {
      await this.forget(tx, patientId);
      return;
    }
    const followed = await tx.execute<{ id: string; version: number }[]>(
      'update "notification" set patient_id = ?, version = version + 1 where patient_id = ? returning id, version',
      [intoPatientId, patientId],
    );
    await this.events.enqueueAll(
      tx,
      followed.map((row): [Told, Happening] => [{ ...row, patientId: intoPatientId }, 'updated']),
    );
  }

  /** What became of what there was is told with it. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    await noteErased(tx, patientId);
    await this.receipts.enqueue(tx, { patientId, what: await this.forget(tx, patientId) });
  }

  private async forget(tx: EntityManager, patientId: string): Promise<Fate[]> {
    return [
      { kind: 'notifications', count: await tx.nativeDelete(NotificationSchema, { patientId }), outcome: 'erased' },
      { kind: 'keptAnswers', count: await forgetAnswersOf(tx, patientId), outcome: 'erased' },
      keptTrail,
    ];
  }
}
