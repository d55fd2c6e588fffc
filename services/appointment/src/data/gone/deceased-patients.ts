import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { AppointmentEvents } from '../booking/appointment-events.js';
import { lockPatients } from '../booking/store-and-tell.js';
import { cancelAll } from './cancellations.js';

/** What becomes of the appointments of a patient who has died. */
export class DeceasedPatients {
  constructor(
    private readonly events: AppointmentEvents,
    private readonly clock: Clock,
  ) {}

  /** What is still ahead is cancelled: nobody is reminded of it, and others can have the time. Nothing new is stored of them. */
  async died(tx: EntityManager, patientId: string): Promise<void> {
    await lockPatients(tx, [patientId]);
    await tx.execute('insert into patient_deceased (patient_id) values (?) on conflict do nothing', [patientId]);
    const stamp = { at: this.clock.now(), by: 'patient' };
    const ahead = `patient_id = ? and status in ('pending', 'booked') and "start" > ?`;
    await cancelAll(tx, this.events, [ahead, patientId, stamp.at], {
      reason: 'The patient has died',
      code: 'pat-dec',
      ...stamp,
    });
    await tx.execute(
      `update waiting set status = 'cancelled', version = version + 1, ended = ?::jsonb
       where patient_id = ? and status in ('waitlist', 'proposed')`,
      [JSON.stringify({ why: 'deceased', ...stamp }), patientId],
    );
  }

  /** It was a mistake, or is about somebody who is out of use for another reason. */
  async lives(tx: EntityManager, patientId: string): Promise<void> {
    await tx.execute('delete from patient_deceased where patient_id = ?', [patientId]);
  }
}
