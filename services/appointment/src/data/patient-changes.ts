import type { Clock } from '@cabinet/kit';
import { type EntityManager, forgetAnswersOf, noteErased, noteMerged, tellAll } from '@cabinet/kit/postgres';
import type { Appointment } from '../domain/appointment.js';
import { writePatientAgain } from './calendars/postgres-entries.js';
import { occupying } from './fragments.js';
import { type Telling, takePatientTurns } from './store-and-tell.js';

interface Row extends Omit<Appointment, 'start' | 'end' | 'createdAt' | 'reason' | 'cancellation'> {
  start: string;
  end: string;
  isKnown: boolean;
}

const columns = `appointment.id, version, status, patient_id as "patientId", practitioner_id as "practitionerId",
  appointment_type_id as "appointmentTypeId", place_id as "placeId", zone, mode, "start", "end",
  created_by as "createdBy"`;

/** What was pending, nobody was told of. */
const cancel = (which: string) => `
  with before as (select id, status as was from appointment a where ${which} for update)
  update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
  from before where appointment.id = before.id
  returning ${columns}, was <> 'pending' as "isKnown"`;

const forgetWords = `
  update appointment set reason = null, corrections = null,
    cancellation = cancellation - 'reason', overbooking = overbooking - 'reason'
  where patient_id = ?`;

/** Whoever waits for the same twice keeps the offer, or the place that is further in front. */
const waitOnce = `
  update waiting w set status = 'cancelled', version = version + 1, ended = ?::jsonb
  where patient_id = ? and status = 'waitlist' and exists (
    select from waiting other where other.patient_id = w.patient_id and other.id <> w.id
      and (other.status = 'proposed' or other.status = 'waitlist'
        and (other.priority, other.lapses, other.created_at, other.id) < (w.priority, w.lapses, w.created_at, w.id))
      and exists (select from jsonb_array_elements(w.wants) want join jsonb_array_elements(other.wants) its
        on want.value = its.value))`;

/** What becomes of appointments when their patient is merged into another, or erased. */
export class PatientChanges {
  constructor(
    private readonly telling: Telling,
    private readonly clock: Clock,
  ) {}

  /**
   * All appointments follow the patient; of two that would then overlap, the merged patient's one is cancelled, and of two
   * entries of the waiting list for the same the one that is further back. Into one who was erased they follow as well.
   */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await takePatientTurns(tx, [patientId, into]);
    const intoPatientId = await noteMerged(tx, patientId, into);
    if (!intoPatientId) return this.erase(tx, patientId);
    await this.cancel(
      tx,
      cancel(`patient_id = ? and ${occupying} and exists (
         select from appointment other where other.patient_id = ? and other.during && a.during and other.${occupying})`),
      ['The same person has another appointment at this time', patientId, intoPatientId],
    );
    await tx.execute('update appointment set patient_id = ? where patient_id = ?', [intoPatientId, patientId]);
    await tx.execute('update waiting set patient_id = ? where patient_id = ?', [intoPatientId, patientId]);
    await writePatientAgain(tx, intoPatientId);
    await tx.execute(waitOnce, [JSON.stringify({ why: 'merged', at: this.clock.now(), by: 'patient' }), intoPatientId]);
  }

  /**
   * What is still ahead is cancelled, so that the slots are free again. No word that somebody wrote is kept, here or in a
   * calendar elsewhere.
   */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await takePatientTurns(tx, [patientId]);
    await noteErased(tx, patientId);
    await tx.execute(forgetWords, [patientId]);
    await this.cancel(tx, cancel(`patient_id = ? and status in ('pending', 'booked') and "start" > ?`), [
      'The patient was erased',
      patientId,
      this.clock.now(),
    ]);
    await tx.execute('update waiting set reason = null where patient_id = ?', [patientId]);
    await tx.execute(
      `update waiting set status = 'cancelled', version = version + 1, ended = ?::jsonb
       where patient_id = ? and status in ('waitlist', 'proposed')`,
      [JSON.stringify({ why: 'erased', at: this.clock.now(), by: 'patient' }), patientId],
    );
    await writePatientAgain(tx, patientId);
    await forgetAnswersOf(tx, patientId);
  }

  private async cancel(tx: EntityManager, sql: string, [reason, ...values]: [string, ...unknown[]]): Promise<void> {
    const cancellation = JSON.stringify({ reason, at: this.clock.now(), by: 'patient' });
    const rows = await tx.execute<Row[]>(sql, [...values, cancellation]);
    const known = rows.filter(({ isKnown }) => isKnown);
    const cancelled = known.map((row) => ({
      ...row,
      start: new Date(row.start),
      end: new Date(row.end),
      createdAt: new Date(0),
    }));
    await tellAll(
      tx,
      this.telling.source,
      cancelled.map((appointment) => this.telling.toFact(appointment, 'cancelled')),
    );
  }
}
