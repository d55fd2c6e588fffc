import { useLingui } from '@lingui/react/macro';
import { moveAppointment, useAppointmentsChanged } from '../api/appointments.ts';
import { nameOfPractitioner, zoneOf } from '../api/practitioners.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { doUnlessUndone } from '../frame/delayed.ts';
import { dateAt, dayAt, isOtherClock, timeAt, zoneInWords } from '../time/zone.ts';

export interface Destination {
  start: string;
  /** With whom, and for which kind of visit of theirs. */
  practitioner: Practitioner;
  appointmentTypeId: string;
  /** Why over what is in the way. */
  reason?: string;
}

/** Moves an appointment ten seconds later, unless that is undone; nobody is told before. */
export function useMove() {
  const { i18n, t } = useLingui();
  const changed = useAppointmentsChanged();
  return (appointment: Appointment, { start, practitioner, appointmentTypeId, reason }: Destination) => {
    const isHandedOver = practitioner.id !== appointment.practitionerId;
    const zone = isHandedOver ? zoneOf(practitioner) : appointment.zone;
    const isSameDay = dateAt(start, zone) === dateAt(appointment.start, appointment.zone);
    const before = timeAt(appointment.start, appointment.zone, i18n.locale);
    const clock = timeAt(start, zone, i18n.locale);
    const isOther = isOtherClock(start, zone, appointment.zone);
    const time = isOther ? `${clock} (${zoneInWords(start, zone, i18n.locale)})` : clock;
    const to = isSameDay ? time : `${dayAt(start, zone, i18n.locale)}, ${time}`;
    const name = nameOfPractitioner(practitioner);
    const says = isHandedOver
      ? t`The appointment of ${before} will be moved to ${to}, with ${name}.`
      : t`The appointment of ${before} will be moved to ${to}.`;
    doUnlessUndone(appointment.id, says, async () => {
      try {
        const more = {
          ...(isHandedOver && { agenda: { practitionerId: practitioner.id, appointmentTypeId } }),
          ...(reason && { overbook: { reason } }),
        };
        changed(await moveAppointment(appointment, start, more));
      } finally {
        changed();
      }
    });
  };
}
