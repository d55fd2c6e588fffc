import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { AppointmentEvents } from '../booking/appointment-events.js';
import { cancelAll } from './cancellations.js';

/** What becomes of those who wait for a practitioner who leaves. */
export class PractitionerChanges {
  constructor(
    private readonly events: AppointmentEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * What is pending ahead, held or offered, is not to be booked any more; nobody waits for them, and who waits for others as
   * well goes on waiting for those. What is booked stays for the practice to move or cancel: only people know where it can go.
   */
  async left(tx: EntityManager, practitionerId: string): Promise<void> {
    const stamp = { at: this.clock.now(), by: 'practitioner' };
    const pending = `practitioner_id = ? and status = 'pending' and "start" > ?`;
    const cancellation = { reason: 'The practitioner has left', code: 'prov' as const, ...stamp };
    await cancelAll(tx, this.events, [pending, practitionerId, stamp.at], cancellation, true);
    const wanted = JSON.stringify([{ practitionerId }]);
    await tx.execute(endOrNarrow, [practitionerId, wanted, JSON.stringify({ why: 'practitioner-left', ...stamp })]);
  }
}

const endOrNarrow = `
  with left_over as (
    select id, (select jsonb_agg(want) from jsonb_array_elements(wants) as want where want->>'practitionerId' <> ?) as wants
    from waiting where status in ('waitlist', 'proposed') and wants @> ?::jsonb for update)
  update waiting w set version = version + 1, wants = coalesce(l.wants, w.wants),
    status = case when l.wants is null then 'cancelled' else w.status end,
    ended = case when l.wants is null then ?::jsonb end
  from left_over l where l.id = w.id`;
