import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { NotAllowed } from '@cabinet/kit/errors';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import { audienceOf, isStaffOf, wardsIn } from '../capacity.js';
import type { Directory } from '../directory.js';
import type { PractitionerFacts } from '../neighbours.js';
import type { Reference } from '../reference.js';
import { refusal } from '../refusal.js';
import type { BookingRules } from '../schedule/booking-rules.js';
import { minute, parseInstant } from '../time/time.js';
import {
  assertMayHandOver,
  assertMayOverbook,
  awaitsWordOf,
  movedOnWordOf,
  noteAbout,
  onWordOf,
  wordOf,
} from './access.js';
import {
  type Appointment,
  assertTimeHasCome,
  type CancellationCode,
  type Happening,
  hasExpired,
  type Recorded,
  statusAfter,
  toldOfCancellation,
} from './appointment.js';
import type { BookAppointment, Overbook } from './book-appointment.js';
import { HoldExpired, TimeGone, TooLate } from './errors.js';
import type { FindAppointments } from './find-appointments.js';
import { movedTo } from './place-in-agenda.js';
import type { Appointments, Change } from './ports.js';

export interface Cancelling {
  reason: string;
  code?: CancellationCode;
}

export interface Moving {
  /** With its offset, as it was asked for. */
  start: string;
  overbook?: Overbook;
  /** Of somebody else, who takes it over. */
  agenda?: OtherAgenda;
}

export interface OtherAgenda {
  practitionerId: string;
  /** One of theirs. */
  appointmentTypeId: string;
}

/**
 * Each change is of an appointment that the actor may see: to others there is none (404). A request that is repeated although
 * its change is stored gets the appointment as it is now.
 */
export class ChangeAppointment {
  constructor(
    private readonly appointments: Appointments,
    private readonly find: FindAppointments,
    private readonly facts: AvailabilityFacts,
    private readonly booking: BookAppointment,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a booking of what is held or waits for the practice; for what the practitioner booked alone, others give their word.
   * @throws 409 for a hold that has expired, 403 when it is for staff to confirm
   */
  async confirm(which: Reference, actor: Principal): Promise<Appointment> {
    const appointment = await this.find.get(which, actor);
    if (wasStoredBefore()) return appointment;
    if (awaitsWordOf(actor, appointment)) return this.store({ ...appointment, bookedAs: onWordOf(actor, appointment) });
    const { appointment: confirmed, happening } = await this.confirmed(appointment, actor);
    return this.store(confirmed, happening);
  }

  /** The appointment as it is once it is confirmed. @throws as `confirm` */
  async confirmed(appointment: Appointment, actor: Principal): Promise<Change> {
    if (hasExpired(appointment, this.clock.now()) || isExpiredHold(appointment)) throw new HoldExpired();
    const status = statusAfter('confirmed', appointment.status);
    const { needsConfirmation } = await this.facts.rulesOf(appointment);
    const { heldUntil, ...unheld } = appointment;
    const kept = { ...unheld, bookedAs: onWordOf(actor, appointment) };
    const isStaff = isStaffOf(actor, appointment);
    const becomes = isStaff || !needsConfirmation ? 'booked' : 'pending';
    const booked = { ...kept, status, calendarCheck: undefined };
    if (appointment.calendarCheck) {
      // A hold then waits for the calendar; of what waits already, staff may know more.
      if (isStaff && !heldUntil) return { appointment: booked, happening: 'booked' };
    } else if (becomes === 'booked') return { appointment: booked, happening: 'booked' };
    if (heldUntil === undefined) throw new NotAllowed('ACCESS.STAFF_CONFIRMS', 'This is for the practice to confirm');
    return { appointment: { ...kept, calendarCheck: kept.calendarCheck && { ...kept.calendarCheck, becomes } } };
  }

  /**
   * Frees the old time and takes the new one in one step, in the same mode and as long as it was; in the agenda of somebody else, who
   * takes it over, it is no longer of its series.
   * @throws as booking, 409 for a patient who comes too late, NotAllowed (403) for who does not run both agendas, and 422 for another
   *   type with the same practitioner
   */
  async move(which: Reference, moving: Moving, actor: Principal): Promise<Appointment> {
    return this.moved(await this.find.get(which, actor), moving, actor);
  }

  /** The same of one that was found for them. @throws as `move` */
  async moved(
    appointment: Appointment,
    { start: asked, overbook, agenda }: Moving,
    actor: Principal,
  ): Promise<Appointment> {
    const isHandedOver = agenda !== undefined && agenda.practitionerId !== appointment.practitionerId;
    const there = isHandedOver ? { ...appointment, ...agenda, ...outOfSeries } : appointment;
    if (isHandedOver) assertMayHandOver(actor, appointment, there);
    else if (agenda && agenda.appointmentTypeId !== appointment.appointmentTypeId)
      throw refusal('APPOINTMENT.TYPE_KEPT', 'agenda.appointmentTypeId', 'is another than that of the appointment');
    assertMayOverbook(actor, there, overbook);
    if (wasStoredBefore()) return appointment;
    const start = parseInstant(asked, 'start');
    statusAfter('moved', appointment.status);
    await this.assertInWindow(appointment, 'moveNoticeMinutes', actor);
    const practitioner = await this.directory.receivingPractitioner(there.practitionerId);
    if (isHandedOver) await this.assertTakesOver(practitioner, there);
    const audience = audienceOf(actor, there);
    const wanted = {
      agenda: {
        practitioner,
        appointmentTypeId: there.appointmentTypeId,
        audience,
        wards: wardsIn(actor, audience),
        moving: appointment,
      },
      patientId: appointment.patientId,
      start,
      mode: appointment.mode,
      overbook: overbook && { ...overbook, by: actor.id },
    };
    return this.booking.take(wanted, async (place) => {
      // Whoever takes it over was not chosen by who booked it.
      const bookedAs = isHandedOver ? wordOf(actor, there) : movedOnWordOf(actor, appointment);
      const { appointment: moved } = movedTo({ ...there, bookedAs }, place);
      return (await this.appointments.save(moved, 'moved')) === 'stored' ? next(moved) : 'overlap';
    });
  }

  /** @throws 422 for a type that is not theirs, or that they do not offer in its mode */
  private async assertTakesOver({ appointmentTypes }: PractitionerFacts, there: Appointment): Promise<void> {
    const field = 'agenda.appointmentTypeId';
    if (!appointmentTypes.some(({ id }) => id === there.appointmentTypeId))
      throw refusal('APPOINTMENT.TYPE_UNKNOWN', field, 'is not offered by this practitioner');
    if (!(await this.facts.rulesOf(there)).modes.includes(there.mode))
      throw refusal('APPOINTMENT.MODE_NOT_OFFERED', field, 'is not offered in the mode of the appointment');
  }

  /** @throws 409 for a patient who comes too late */
  async cancel(which: Reference, cancelling: Cancelling, actor: Principal): Promise<Appointment> {
    const appointment = await this.find.get(which, actor);
    if (wasStoredBefore()) return appointment;
    const { appointment: cancelled, happening } = await this.cancelled(appointment, cancelling, actor);
    return this.store(cancelled, happening);
  }

  /** The appointment as it is once it is cancelled. @throws as `cancel` */
  async cancelled(appointment: Appointment, { reason, code }: Cancelling, actor: Principal): Promise<Change> {
    const status = statusAfter('cancelled', appointment.status);
    const isLate = await this.assertInWindow(appointment, 'cancelNoticeMinutes', actor);
    const cancellation = {
      reason,
      code: code ?? (isStaffOf(actor, appointment) ? undefined : ('pat' as const)),
      isLate: isLate || undefined,
      at: this.clock.now(),
      by: actor.id,
    };
    // Staff also record what the patient says by telephone.
    const isByPractice = isStaffOf(actor, appointment) && code !== 'pat' && code !== 'pat-dec';
    const happening = toldOfCancellation(appointment, isByPractice);
    return { appointment: { ...appointment, status, cancellation }, happening };
  }

  /** @throws NotAllowed (403) for its patient, 409 from another status, or while its time has not come */
  async record(which: Reference, happening: Recorded, actor: Principal): Promise<Appointment> {
    const appointment = await this.find.get(which, actor);
    if (wasStoredBefore()) return appointment;
    const status = statusAfter(happening, appointment.status);
    assertTimeHasCome(happening, appointment, this.clock.now());
    const isSeen = happening !== 'missed' && awaitsWordOf(actor, appointment);
    const bookedAs = isSeen ? 'arrival' : appointment.bookedAs;
    const arrivedAt = happening === 'arrived' ? this.clock.now() : appointment.arrivedAt;
    return this.store({ ...appointment, status, bookedAs, arrivedAt }, happening);
  }

  /**
   * Takes back what was recorded by mistake; that it was, stays with the appointment.
   * @throws NotAllowed (403) for its patient, 409 when nothing was recorded, or when somebody else has the time of a missed one
   */
  async reopen(which: Reference, reason: string, actor: Principal): Promise<Appointment> {
    const appointment = await this.find.get(which, actor);
    if (wasStoredBefore()) return appointment;
    const status = statusAfter('reopened', appointment.status);
    const correction = { from: appointment.status, reason, at: this.clock.now(), by: actor.id };
    const corrections = [...(appointment.corrections ?? []), correction];
    const bookedAs = appointment.bookedAs === 'arrival' ? 'practitioner' : appointment.bookedAs;
    return this.store({ ...appointment, status, corrections, bookedAs, arrivedAt: undefined }, 'reopened');
  }

  /**
   * Keeps it from the patient's guardians, or no longer; who heard of it is told.
   * @throws NotAllowed (403) for a guardian or a carer
   */
  async keep(which: Reference, keptFromGuardians: boolean, actor: Principal): Promise<Appointment> {
    const appointment = await this.find.getToKeep(which, actor);
    noteAbout({ ...appointment, keptFromGuardians });
    if (wasStoredBefore() || appointment.keptFromGuardians === keptFromGuardians) return appointment;
    const happening = appointment.status === 'pending' ? undefined : 'privacy-changed';
    return this.store({ ...appointment, keptFromGuardians }, happening);
  }

  /**
   * @returns true when it is later than patients may, which is for staff to decide
   * @throws TooLate (409) for a patient who comes later
   */
  async assertInWindow(
    appointment: Appointment,
    window: 'cancelNoticeMinutes' | 'moveNoticeMinutes',
    actor: Principal,
  ): Promise<boolean> {
    if (appointment.status === 'pending') return false;
    const notice = ((await this.facts.rulesOf(appointment)) as BookingRules)[window];
    const isLate = this.clock.now().getTime() > appointment.start.getTime() - notice * minute;
    if (isLate && !isStaffOf(actor, appointment)) throw new TooLate(notice);
    return isLate;
  }

  /** Stores changes of several, all or none. @throws TimeGone (409) when somebody else has the time of one of them */
  async storeAll(changes: Change[]): Promise<void> {
    if ((await this.appointments.saveAll(changes)) === 'overlap') throw new TimeGone();
  }

  private async store(changed: Appointment, happening?: Happening): Promise<Appointment> {
    if ((await this.appointments.save(changed, happening)) === 'overlap') throw new TimeGone();
    return next(changed);
  }
}

const outOfSeries = { seriesId: undefined, occurrence: undefined };

// Once released, an expired hold is cancelled and keeps when it ended.
const isExpiredHold = ({ status, heldUntil }: Appointment): boolean =>
  status === 'cancelled' && heldUntil !== undefined;

const next = (stored: Appointment): Appointment => ({ ...stored, version: stored.version + 1 });
