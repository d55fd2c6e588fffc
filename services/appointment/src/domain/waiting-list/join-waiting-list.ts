import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors, invalidField } from '@cabinet/kit/errors';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { assertMaySee, noteAbout } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import { AppointmentNotFound } from '../booking/errors.js';
import type { Appointments } from '../booking/ports.js';
import { audienceOf, wardsOf } from '../capacity.js';
import type { Directory } from '../directory.js';
import { refusal } from '../refusal.js';
import { rulesFor } from '../schedule/booking-rules.js';
import type { Schedules } from '../schedule/ports.js';
import { checkOrderOfTimes } from '../schedule/schedule.js';
import { dateIn, daysAfter, isDate } from '../time/time.js';
import { assertMaySeeWaiting, assertMayWait, maySetPriority } from './access.js';
import { AlreadyWaiting, TooManyWaiting } from './errors.js';
import type { WaitingState } from './find-waiting.js';
import type { WaitingList } from './ports.js';
import type { Waiting } from './waiting.js';

/** Entries of one patient that are on the list at a time. */
export const waitingMax = 5;
/** How far ahead one can wait, in days. */
export const waitingDaysMax = 366;

export type WaitingRequest = Pick<
  Waiting,
  'patientId' | 'wants' | 'fromDate' | 'untilDate' | 'times' | 'noticeMinutes' | 'priority' | 'replaces' | 'reason'
> &
  Partial<Pick<Waiting, 'keptFromGuardians'>>;

export class JoinWaitingList {
  constructor(
    private readonly waiting: WaitingList,
    private readonly appointments: Appointments,
    private readonly schedules: Schedules,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /** @throws NotAllowed (403) for another's, 422 for what cannot be waited for, 409 for one who waits for it already, 429 for one who waits for enough */
  async join(request: WaitingRequest, actor: Principal): Promise<WaitingState> {
    assertMayWait(actor, request);
    const { patientId, replaces, keptFromGuardians = false } = request;
    noteAbout({ patientId, keptFromGuardians });
    const stored = await storedBefore((id) => this.waiting.find(id));
    if (stored) assertMaySeeWaiting(actor, stored);
    if (stored) return { waiting: stored, offers: await this.waiting.offersOf(stored.id) };
    await this.assertCanBeWanted(request, actor);
    const replaced = replaces && (await this.replaceable(replaces, patientId, actor));
    const waiting: Waiting = {
      ...request,
      id: effectOfRequest().id,
      version: 1,
      status: 'waitlist',
      keptFromGuardians: keptFromGuardians || (replaced ? replaced.keptFromGuardians : false),
      lapses: 0,
      createdAt: this.clock.now(),
      createdBy: actor.id,
    };
    // As far as who asks sees them: nobody hears by what is too much that there is something else.
    const isGuardian = wardsOf(actor).includes(patientId);
    await this.waiting.add(waiting, (active) =>
      assertRoomFor(request, isGuardian ? active.filter((each) => !each.keptFromGuardians) : active),
    );
    return { waiting, offers: [] };
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

  private async replaceable(id: string, patientId: string, actor: Principal): Promise<Appointment> {
    const appointment = await this.appointments.find(id);
    if (appointment?.patientId !== patientId) throw new AppointmentNotFound();
    noteAbout(appointment);
    assertMaySee(actor, appointment);
    return appointment;
  }
}

function assertRoomFor({ wants }: WaitingRequest, active: Waiting[]): void {
  if (active.length >= waitingMax) throw new TooManyWaiting(waitingMax);
  if (active.some((each) => each.wants.some((want) => wants.some((other) => isSame(want, other))))) {
    throw new AlreadyWaiting();
  }
}

const isSame = (a: Waiting['wants'][number], b: Waiting['wants'][number]): boolean =>
  a.practitionerId === b.practitionerId && a.appointmentTypeId === b.appointmentTypeId;
