import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors, invalidField } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { assertMayChange, assertMaySee } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import type { ChangeAppointment } from '../booking/change-appointment.js';
import { AppointmentNotFound } from '../booking/errors.js';
import type { Appointments, Change, ManyChanges } from '../booking/ports.js';
import { audienceOf } from '../capacity.js';
import type { Directory } from '../directory.js';
import { refusal } from '../refusal.js';
import { rulesFor } from '../schedule/booking-rules.js';
import type { Schedules } from '../schedule/ports.js';
import { checkOrderOfTimes } from '../schedule/schedule.js';
import { dateIn, daysAfter, isDate } from '../time/time.js';
import { maySetPriority } from './access.js';
import { AlreadyWaiting, OfferEnded, TooManyWaiting, WaitingNotFound } from './errors.js';
import type { WaitingList } from './ports.js';
import type { Offer, Waiting } from './waiting.js';

/** Entries of one patient that are on the list at a time. */
export const waitingMax = 5;
/** How far ahead one can wait, in days. */
export const waitingDaysMax = 366;

export type WaitingRequest = Pick<
  Waiting,
  'patientId' | 'wants' | 'fromDate' | 'untilDate' | 'times' | 'noticeMinutes' | 'priority' | 'replaces' | 'reason'
>;

export interface WaitingState {
  waiting: Waiting;
  /** The last one in front. */
  offers: (Offer & { appointment: Appointment })[];
}

export class JoinWaitingList {
  constructor(
    private readonly waiting: WaitingList,
    private readonly appointments: Appointments,
    private readonly many: ManyChanges,
    private readonly schedules: Schedules,
    private readonly directory: Directory,
    private readonly change: ChangeAppointment,
    private readonly clock: Clock,
  ) {}

  /** @throws 422 for what cannot be waited for, 409 for one who waits for it already, 429 for one who waits for enough */
  async join(request: WaitingRequest, actor: Principal): Promise<WaitingState> {
    await this.assertCanBeWanted(request, actor);
    if (request.replaces) await this.assertCanReplace(request.replaces, request.patientId, actor);
    const waiting: Waiting = {
      ...request,
      id: newId(),
      version: 1,
      status: 'waitlist',
      lapses: 0,
      createdAt: this.clock.now(),
      createdBy: actor.id,
    };
    await this.waiting.add(waiting, (active) => assertMayWaitToo(request, active));
    return { waiting, offers: [] };
  }

  /** @throws 404 */
  async find(id: string): Promise<WaitingState> {
    await this.waiting.settle(this.clock.now());
    const waiting = await this.waiting.find(id);
    if (!waiting) throw new WaitingNotFound();
    return { waiting, offers: await this.waiting.offersOf(id) };
  }

  /**
   * Books the slot that is offered and cancels the appointment that it replaces, both or neither.
   * @throws 409 when there is no offer, or no longer, 403 for one who may not cancel what it replaces
   */
  async accept(state: WaitingState, actor: Principal): Promise<WaitingState> {
    const hold = this.offered(state);
    const changes: Change[] = [await this.change.confirmed(hold, actor)];
    const old = state.waiting.replaces && (await this.appointments.find(state.waiting.replaces));
    if (old && isAhead(old)) {
      assertMayChange(actor, old);
      const replaced = await this.change.cancelled(old, { reason: 'Replaced by an earlier appointment' }, actor);
      changes.push({ appointment: replaced, happening: old.status === 'booked' ? 'cancelled' : undefined });
    }
    await this.many.save(changes);
    return this.find(state.waiting.id);
  }

  /** The slot goes to the next; this patient keeps their place. @throws 409 when there is no offer, or no longer */
  async refuse(state: WaitingState, actor: Principal): Promise<WaitingState> {
    const hold = this.offered(state);
    await this.many.save([
      { appointment: await this.change.cancelled(hold, { reason: 'The offer was refused' }, actor) },
    ]);
    return this.find(state.waiting.id);
  }

  /** Takes the patient off the list, and gives back what they are offered, both or neither. @throws 412 unless they are on it */
  async withdraw({ waiting, offers }: WaitingState, actor: Principal): Promise<WaitingState> {
    const open = openOne(offers)?.appointment;
    const givenBack = open && (await this.change.cancelled(open, { reason: 'No longer waited for' }, actor));
    const ended = { why: 'withdrawn', at: this.clock.now(), by: actor.id } as const;
    await this.waiting.end(waiting, ended, givenBack ? [{ appointment: givenBack }] : []);
    return this.find(waiting.id);
  }

  private offered({ offers }: WaitingState): Appointment {
    const open = openOne(offers);
    if (!open || open.endsAt <= this.clock.now()) throw new OfferEnded();
    return open.appointment;
  }

  private async assertCanBeWanted(request: WaitingRequest, actor: Principal): Promise<void> {
    const { wants, patientId } = request;
    for (const [index, { practitionerId, appointmentTypeId }] of wants.entries()) {
      const practitioner = await this.directory.parties({ practitionerId, patientId });
      const at = `wants[${index}].appointmentTypeId`;
      if (!practitioner.appointmentTypes.some(({ id }) => id === appointmentTypeId)) {
        throw refusal('APPOINTMENT.TYPE_UNKNOWN', at, 'is not offered by this practitioner');
      }
      const { rules } = await this.schedules.get(practitionerId);
      if (
        audienceOf(actor, { practitionerId, patientId }) === 'patients' &&
        rulesFor(appointmentTypeId, rules).bookableBy === 'staff'
      ) {
        throw refusal('APPOINTMENT.STAFF_ONLY', at, 'is of a type that only the practice books');
      }
      if (index === 0) this.assertDates(request, practitioner.places[0]?.zone ?? 'UTC');
    }
    if (request.priority !== 'routine' && !maySetPriority(actor, request)) {
      throw invalidField('priority', 'STAFF_ONLY', 'is for the practice to set');
    }
  }

  private assertDates({ fromDate, untilDate, times }: WaitingRequest, zone: string): void {
    const errors = new FieldErrors();
    const today = dateIn(this.clock.now().getTime(), zone);
    const areDates = isDate(fromDate) && isDate(untilDate);
    if (!isDate(fromDate)) errors.add('fromDate', 'NO_SUCH_DATE', 'must be a date that exists, such as 2026-11-23');
    if (!isDate(untilDate)) errors.add('untilDate', 'NO_SUCH_DATE', 'must be a date that exists, such as 2026-11-23');
    if (areDates && untilDate < fromDate) errors.add('untilDate', 'END_BEFORE_START', 'must not be before fromDate');
    else if (areDates && untilDate < today) errors.add('untilDate', 'IN_THE_PAST', 'has passed');
    else if (areDates && untilDate > daysAfter(today, waitingDaysMax)) {
      errors.add('untilDate', 'TOO_FAR', `must be within ${waitingDaysMax} days`);
    }
    for (const [index, span] of times.entries()) checkOrderOfTimes(span, `times[${index}]`, errors);
    errors.throwIfAny();
  }

  private async assertCanReplace(id: string, patientId: string, actor: Principal): Promise<void> {
    const appointment = await this.appointments.find(id);
    if (appointment?.patientId !== patientId) throw new AppointmentNotFound();
    assertMaySee(actor, appointment);
  }
}

const isAhead = ({ status }: Appointment): boolean => status === 'booked' || status === 'pending';

// Somebody may answer while this is read: the appointment knows best.
const openOne = (offers: WaitingState['offers']) =>
  offers.find(({ status, appointment }) => status === 'open' && appointment.status === 'pending');

function assertMayWaitToo({ wants }: WaitingRequest, active: Waiting[]): void {
  if (active.length >= waitingMax) throw new TooManyWaiting(waitingMax);
  if (active.some((each) => each.wants.some((want) => wants.some((other) => isSame(want, other))))) {
    throw new AlreadyWaiting();
  }
}

const isSame = (a: Waiting['wants'][number], b: Waiting['wants'][number]): boolean =>
  a.practitionerId === b.practitionerId && a.appointmentTypeId === b.appointmentTypeId;
