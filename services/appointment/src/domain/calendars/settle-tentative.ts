import type { Appointment, Happening } from '../booking/appointment.js';
import type { Overlap } from '../booking/ports.js';
import type { CalendarConflicts } from './ports.js';

interface Appointments {
  save(appointment: Appointment, happening?: Happening): Promise<'stored' | Overlap>;
}

/** Whether all calendars of a practitioner are known to say what they have taken. */
export type AreCalendarsKnown = (practitionerId: string, until: Date) => Promise<boolean>;

/** What was booked while a calendar could not be read is decided once it can be: booked, or for staff to look at. */
export class SettleTentative {
  constructor(
    private readonly conflicts: CalendarConflicts,
    private readonly appointments: Appointments,
    private readonly areKnown: AreCalendarsKnown,
  ) {}

  async settle(practitionerId: string): Promise<void> {
    for (const { appointment, isTaken } of await this.conflicts.awaiting(practitionerId)) {
      if (isTaken) await this.mark(appointment);
      else if (await this.areKnown(practitionerId, appointment.end)) await this.release(appointment);
    }
  }

  private async mark(appointment: Appointment): Promise<void> {
    const { calendarCheck } = appointment;
    if (calendarCheck?.state !== 'awaited') return;
    await this.store({ ...appointment, calendarCheck: { ...calendarCheck, state: 'conflicting' } });
  }

  private async release({ calendarCheck, ...appointment }: Appointment): Promise<void> {
    const isToBook = calendarCheck?.becomes === 'booked' && appointment.status === 'pending' && !appointment.heldUntil;
    await this.store(isToBook ? { ...appointment, status: 'booked' } : appointment, isToBook ? 'booked' : undefined);
  }

  // Who changed it in between has decided; what is left is settled with the next reading.
  private async store(appointment: Appointment, happening?: Happening): Promise<void> {
    try {
      await this.appointments.save(appointment, happening);
    } catch (error) {
      if ((error as { code?: string }).code !== 'REQUEST.STALE_VERSION') throw error;
    }
  }
}
