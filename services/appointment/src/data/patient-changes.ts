import type { Clock } from '@cabinet/kit';
import { type EntityManager, tellAll } from '@cabinet/kit/postgres';
import type { Appointment } from '../domain/appointment.js';
import { writePatientAgain } from './calendars/postgres-entries.js';
import { occupying } from './fragments.js';
import type { Telling } from './store-and-tell.js';

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

/** What becomes of appointments when their patient is merged into another, or erased. */
export class PatientChanges {
  constructor(
    private readonly telling: Telling,
    private readonly clock: Clock,
  ) {}

  /** All appointments follow the patient; of two that would then overlap, the merged patient's one is cancelled. */
  async merge(tx: EntityManager, patientId: string, intoPatientId: string): Promise<void> {
    await this.cancel(
      tx,
      cancel(`patient_id = ? and ${occupying} and exists (
         select from appointment other where other.patient_id = ? and other.during && a.during and other.${occupying})`),
      ['The same person has another appointment at this time', patientId, intoPatientId],
    );
    await tx.execute('update appointment set patient_id = ? where patient_id = ?', [intoPatientId, patientId]);
    await tx.execute('update waiting set patient_id = ? where patient_id = ?', [intoPatientId, patientId]);
    await writePatientAgain(tx, intoPatientId);
  }

  /** What is still ahead is cancelled, so that the slots are free again; no reason for a visit is kept. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await this.cancel(tx, cancel(`patient_id = ? and status in ('pending', 'booked') and "start" > ?`), [
      'The patient was erased',
      patientId,
      this.clock.now(),
    ]);
    await tx.execute('update appointment set reason = null, corrections = null where patient_id = ?', [patientId]);
    await tx.execute('update waiting set reason = null where patient_id = ?', [patientId]);
    await tx.execute(
      `update waiting set status = 'cancelled', version = version + 1, ended = ?::jsonb
       where patient_id = ? and status in ('waitlist', 'proposed')`,
      [JSON.stringify({ why: 'erased', at: this.clock.now(), by: 'patient' }), patientId],
    );
    await writePatientAgain(tx, patientId);
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
