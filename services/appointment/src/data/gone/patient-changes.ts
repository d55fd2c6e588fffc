import type { Clock } from '@cabinet/kit/clock';
import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import { forgetAnswersOf } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import type { AppointmentEvents } from '../booking/appointment-events.js';
import { lockPatients } from '../booking/store-and-tell.js';
import { blocksTime } from '../fragments.js';
import { isKept, settleOffers } from '../waiting-list/postgres-waiting-list.js';
import { cancelAll } from './cancellations.js';
import type { DeceasedPatients } from './deceased-patients.js';
import { goneAs } from './gone-as.js';

const countOf = `
  select (select count(*) from appointment where patient_id = ?)::int as appointments,
    (select count(*) from waiting where patient_id = ?)::int as waiting`;

const forgetWords = `
  update appointment set version = version + 1, reason = null, corrections = null,
    cancellation = cancellation - 'reason', overbooking = overbooking - 'reason'
  where patient_id = ?`;

const waits = `status in ('waitlist', 'proposed')`;

const forgetWaiting = `
  update waiting set version = version + 1, reason = null,
    status = case when ${waits} then 'cancelled' else status end,
    ended = case when ${waits} then ?::jsonb else ended end
  where patient_id = ?`;

/**
 * Whoever waits for the same twice keeps the one with an offer, or of two such ones the one that is further in front. What is
 * kept from guardians ends nothing that they see.
 */
const waitOnce = `
  update waiting w set status = 'cancelled', version = version + 1, ended = ?::jsonb
  where patient_id = ? and ${waits} and exists (
    select from waiting other where other.patient_id = w.patient_id and other.${waits}
      and ${isKept('other')} = ${isKept('w')}
      and (other.status = 'waitlist', other.priority, other.lapses, other.created_at, other.id)
        < (w.status = 'waitlist', w.priority, w.lapses, w.created_at, w.id)
      and exists (select from jsonb_array_elements(w.wants) want join jsonb_array_elements(other.wants) its
        on want.value = its.value))`;

/** Holds of offers to somebody who waits no longer. */
const heldForNobody = `status = 'pending' and held_until is not null and exists (
  select from waiting_offer join waiting w on w.id = waiting_id
  where appointment_id = a.id and w.patient_id = ? and w.status = 'cancelled')`;

/**
 * What becomes of appointments when their patient is merged into another, or erased. All that changes is of another version
 * afterwards: whoever read it before writes nothing back, and calendars elsewhere have it anew.
 */
export class PatientChanges {
  constructor(
    private readonly events: AppointmentEvents,
    private readonly receipts: EventSource<[ErasureReceipt]>,
    private readonly deceased: DeceasedPatients,
    private readonly clock: Clock,
  ) {}

  /**
   * All appointments follow the patient; of two that would then overlap, the merged patient's one is cancelled, and of two
   * entries of the waiting list for the same the one that is further back, with its offer. Of one who was merged into
   * somebody erased no word is kept either.
   */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await lockPatients(tx, [patientId, into]);
    const intoPatientId = await noteMerged(tx, patientId, into);
    if (!intoPatientId) {
      await this.forget(tx, patientId);
      return;
    }
    const twice = `patient_id = ? and ${blocksTime} and exists (
      select from appointment other where other.patient_id = ? and other.during && a.during and other.${blocksTime})`;
    await cancelAll(tx, this.events, [twice, patientId, intoPatientId], {
      // Not that there is another one: that may be kept from guardians, who see this one.
      reason: 'Two registrations of the same person were joined',
      ...this.stamp(),
    });
    const follow = (table: string) => `update ${table} set patient_id = ?, version = version + 1 where patient_id = ?`;
    await tx.execute(follow('appointment'), [intoPatientId, patientId]);
    await tx.execute(follow('waiting'), [intoPatientId, patientId]);
    await settleOffers(tx, this.events, this.clock.now());
    await tx.execute(waitOnce, [JSON.stringify({ why: 'merged', ...this.stamp() }), intoPatientId]);
    await cancelAll(tx, this.events, [heldForNobody, intoPatientId], {
      reason: 'The same person has another offer of the same',
      ...this.stamp(),
    });
    await settleOffers(tx, this.events, this.clock.now());
    // The death may have been heard before it was that of this one, too.
    if ((await goneAs(tx, intoPatientId)) === 'deceased') await this.deceased.died(tx, intoPatientId);
  }

  /**
   * What is still ahead is cancelled, so that the slots are free again. No word that somebody wrote is kept, here or in a
   * calendar elsewhere, and it is told what became of what there was.
   */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await lockPatients(tx, [patientId]);
    await noteErased(tx, patientId);
    await tx.execute('delete from patient_deceased where patient_id = ?', [patientId]);
    await this.receipts.enqueue(tx, { patientId, what: await this.forget(tx, patientId) });
  }

  private async forget(tx: EntityManager, patientId: string): Promise<Fate[]> {
    const [had] = await tx.execute<{ appointments: number; waiting: number }[]>(countOf, [patientId, patientId]);
    await tx.execute(forgetWords, [patientId]);
    const ahead = `patient_id = ? and status in ('pending', 'booked') and "start" > ?`;
    await cancelAll(tx, this.events, [ahead, patientId, this.clock.now()], {
      reason: 'The patient was erased',
      ...this.stamp(),
    });
    await tx.execute(forgetWaiting, [JSON.stringify({ why: 'erased', ...this.stamp() }), patientId]);
    const answers = await forgetAnswersOf(tx, patientId);
    return [
      { kind: 'appointments', count: had?.appointments, outcome: 'anonymised' },
      { kind: 'waitingListEntries', count: had?.waiting, outcome: 'anonymised' },
      { kind: 'keptAnswers', count: answers, outcome: 'erased' },
      keptTrail,
    ];
  }

  private stamp(): { at: Date; by: string } {
    return { at: this.clock.now(), by: 'patient' };
  }
}
