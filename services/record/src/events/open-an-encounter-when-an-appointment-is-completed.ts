import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/kit';
import type { FollowPatients } from '../domain/follow-patients.js';

/** One encounter for each appointment, however often it is told that it took place. */
export const openAnEncounterWhenAnAppointmentIsCompleted =
  (follow: FollowPatients): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      if (event?.type !== 'appointment.completed') continue;
      const { appointmentId, patientId, practitionerId, start, end } = event.data;
      await follow.visited({ appointmentId, patientId, practitionerId, start, end });
    }
  };
