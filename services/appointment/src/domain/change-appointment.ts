import { assertVersion, type Clock, type Principal } from '@cabinet/kit';
import type { DateTime } from 'luxon';
import { audienceOf } from './access.js';
import { type Appointment, type Happening, statusAfter } from './appointment.js';
import type { BookAppointment } from './book-appointment.js';
import { AppointmentNotFound } from './errors.js';
import type { FindFreeSlots } from './find-free-slots.js';
import type { AppointmentRepository } from './ports.js';

export class ChangeAppointment {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly booking: BookAppointment,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /** Frees the old time and takes the new one in one step, for the same practitioner, type and mode. */
  async move(appointment: Appointment, start: DateTime, actor: Principal): Promise<Appointment> {
    const status = statusAfter('moved', appointment.status);
    const practitioner = await this.slots.receivingPractitioner(appointment.practitionerId);
    const wanted = {
      agenda: { practitioner, appointmentTypeId: appointment.appointmentTypeId, moving: appointment },
      patientId: appointment.patientId,
      start,
      mode: appointment.mode,
      audience: audienceOf(actor),
    };
    return this.booking.take(wanted, async (place) => {
      const moved = { ...appointment, ...place, status };
      return (await this.appointments.save(moved, 'moved')) === 'stored' ? next(moved) : 'overlap';
    });
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
