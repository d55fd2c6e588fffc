import { assertVersion, type Clock, type Principal } from '@cabinet/kit';
import type { DateTime } from 'luxon';
import { type Appointment, type Happening, statusAfter } from './appointment.js';
import { type BookAppointment, lasting } from './book-appointment.js';
import { AppointmentNotFound } from './errors.js';
import type { FindFreeSlots } from './find-free-slots.js';
import type { AppointmentRepository } from './ports.js';
import { assertClockShows, minute } from './time.js';

export class ChangeAppointment {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly booking: BookAppointment,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /** Frees the old time and takes the new one in one step, for the same practitioner and type. */
  async move(appointment: Appointment, start: DateTime): Promise<Appointment> {
    const status = statusAfter('moved', appointment.status);
    const minutes = (appointment.end.getTime() - appointment.start.getTime()) / minute;
    const wanted = lasting(start, minutes);
    this.booking.assertAhead(wanted);
    const practitioner = await this.slots.receivingPractitioner(appointment.practitionerId);
    const { placeId, zone } = await this.booking.openingAround(wanted, practitioner);
    assertClockShows(start, zone, 'start');
    const moved = { ...appointment, status, placeId, zone, start: new Date(wanted.start), end: new Date(wanted.end) };
    const outcome = await this.appointments.save(moved, 'moved');
    if (outcome === 'overlap') throw await this.booking.whyTaken(practitioner, wanted, minutes);
    return next(moved);
  }

  async cancel(appointment: Appointment, reason: string, actor: Principal): Promise<Appointment> {
    const status = statusAfter('cancelled', appointment.status);
    return this.store(
      { ...appointment, status, cancellation: { reason, at: this.clock.now(), by: actor.id } },
      'cancelled',
    );
  }

  async record(appointment: Appointment, happening: 'arrived' | 'completed' | 'missed'): Promise<Appointment> {
    return this.store({ ...appointment, status: statusAfter(happening, appointment.status) }, happening);
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

  private async store(changed: Appointment, happening: Happening): Promise<Appointment> {
    await this.appointments.save(changed, happening);
    return next(changed);
  }
}

const next = (stored: Appointment): Appointment => ({ ...stored, version: stored.version + 1 });
