import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { FollowPatients } from '../domain/follow-patients.js';

/** One encounter for each appointment, however often it is told that it took place, or that this was a mistake. */
export const openAnEncounterWhenAnAppointmentIsCompleted =
  (follow: FollowPatients): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      if (event?.type !== 'appointment.completed' && event?.type !== 'appointment.reopened') continue;
      const { appointmentId, version, patientId, practitionerId, start, end, keptFromGuardians } = event.data;
      const tookPlace = event.type === 'appointment.completed';
      await follow.visited({
        appointmentId,
        version,
        tookPlace,
        patientId,
        practitionerId,
        start,
        end,
        keptFromGuardians,
      });
    }
  };
