import { assertVersion, type Clock, NotAllowed, type Principal } from '@cabinet/kit';
import type { DateTime } from 'luxon';
import { audienceOf } from './access.js';
import { type Appointment, type CancellationCode, type Happening, hasExpired, statusAfter } from './appointment.js';
import type { BookAppointment, Overbook } from './book-appointment.js';
import type { BookingRules } from './booking-rules.js';
import { AppointmentNotFound, HoldExpired, TooLate } from './errors.js';
import type { FindFreeSlots } from './find-free-slots.js';
import type { GatherFacts } from './gather-facts.js';
import type { AppointmentRepository, Change } from './ports.js';
import { minute } from './time.js';

export interface Cancelling {
  reason: string;
  code?: CancellationCode;
}

export class ChangeAppointment {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly facts: GatherFacts,
    private readonly booking: BookAppointment,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a booking of what is held or waits for the practice.
   * @throws 409 for a hold that has expired, 403 when it is for staff to confirm
   */
  async confirm(appointment: Appointment, actor: Principal): Promise<Appointment> {
    const { appointment: confirmed, happening } = await this.confirmed(appointment, actor);
    return this.store(confirmed, happening);
  }

  /** The appointment as it is once it is confirmed. @throws as `confirm` */
  async confirmed(appointment: Appointment, actor: Principal): Promise<Change> {
    if (hasExpired(appointment, this.clock.now()) || isExpiredHold(appointment)) throw new HoldExpired();
    const status = statusAfter('confirmed', appointment.status);
    const { needsConfirmation } = await this.facts.rulesOf(appointment);
    const { heldUntil, ...kept } = appointment;
    const isStaff = audienceOf(actor) === 'staff';
    const booked = { ...kept, status };
    if (appointment.calendarCheck) {
      // A hold then waits for the calendar; of what waits already, staff may know more.
      if (isStaff && !heldUntil) return { appointment: { ...booked, calendarCheck: undefined }, happening: 'booked' };
    } else if (isStaff || !needsConfirmation) return { appointment: booked, happening: 'booked' };
    if (heldUntil === undefined) throw new NotAllowed('ACCESS.STAFF_CONFIRMS', 'This is for the practice to confirm');
    return { appointment: kept };
  }

  /**
   * Frees the old time and takes the new one in one step, for the same practitioner, type and mode.
   * @throws as booking, and 409 for a patient who comes too late
   */
  async move(appointment: Appointment, start: DateTime, actor: Principal, overbook?: Overbook): Promise<Appointment> {
    const status = statusAfter('moved', appointment.status);
    await this.assertInWindow(appointment, 'moveNoticeMinutes', actor);
    const practitioner = await this.slots.receivingPractitioner(appointment.practitionerId);
    const wanted = {
      agenda: { practitioner, appointmentTypeId: appointment.appointmentTypeId, moving: appointment },
      patientId: appointment.patientId,
      start,
      mode: appointment.mode,
      audience: audienceOf(actor),
      overbook: overbook && { ...overbook, by: actor.id },
    };
    return this.booking.take(wanted, async (place) => {
      const moved = { ...appointment, overbooking: undefined, calendarCheck: undefined, ...place, status };
      return (await this.appointments.save(moved, 'moved')) === 'stored' ? next(moved) : 'overlap';
    });
  }

  /** @throws 409 for a patient who comes too late */
  async cancel(appointment: Appointment, cancelling: Cancelling, actor: Principal): Promise<Appointment> {
    return this.store(
      await this.cancelled(appointment, cancelling, actor),
      appointment.status === 'pending' ? undefined : 'cancelled',
    );
  }

  /** The appointment as it is once it is cancelled. @throws as `cancel` */
  async cancelled(appointment: Appointment, { reason, code }: Cancelling, actor: Principal): Promise<Appointment> {
    const status = statusAfter('cancelled', appointment.status);
    const isLate = await this.assertInWindow(appointment, 'cancelNoticeMinutes', actor);
    const cancellation = {
      reason,
      code: code ?? (audienceOf(actor) === 'patients' ? ('pat' as const) : undefined),
      isLate: isLate || undefined,
      at: this.clock.now(),
      by: actor.id,
    };
    return { ...appointment, status, cancellation };
  }

  async record(appointment: Appointment, happening: 'arrived' | 'completed' | 'missed'): Promise<Appointment> {
    return this.store({ ...appointment, status: statusAfter(happening, appointment.status) }, happening);
  }

  /** Where each takes place by video, in their order; undefined for one that does not, or no longer. */
  videoLinks(appointments: Appointment[]): Promise<(string | undefined)[]> {
    return Promise.all(
      appointments.map(async (each) => {
        const isAhead = each.status === 'booked' || each.status === 'arrived';
        return each.mode === 'video' && isAhead ? (await this.facts.rulesOf(each)).videoLink : undefined;
      }),
    );
  }

  /**
   * @param expectedVersion what the caller last read, if they said so
   * @throws 404, or 412 when the appointment has changed since
   */
  async get(id: string, expectedVersion?: number): Promise<Appointment> {
    const appointment = await this.appointments.find(id);
    if (!appointment) throw new AppointmentNotFound();
    if (expectedVersion !== undefined) assertVersion(expectedVersion, appointment.version);
    return appointment;
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
    if (isLate && audienceOf(actor) === 'patients') throw new TooLate(notice);
    return isLate;
  }

  private async store(changed: Appointment, happening?: Happening): Promise<Appointment> {
    await this.appointments.save(changed, happening);
    return next(changed);
  }
}

// Once released, an expired hold is cancelled and keeps when it ended.
const isExpiredHold = ({ status, heldUntil }: Appointment): boolean =>
  status === 'cancelled' && heldUntil !== undefined;

const next = (stored: Appointment): Appointment => ({ ...stored, version: stored.version + 1 });
