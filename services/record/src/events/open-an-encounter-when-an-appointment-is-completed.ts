import { type EventData, parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { FollowPatients } from '../domain/follow-patients.js';

/**
 * One encounter for each appointment, however often it is told that it took place, that this was a mistake, or that it is kept
 * from guardians.
 */
export const openAnEncounterWhenAnAppointmentIsCompleted =
  (follow: FollowPatients): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      switch (event?.type) {
        case 'appointment.completed':
          await follow.visited({ ...visitOf(event.data), tookPlace: true });
          break;
        case 'appointment.reopened': {
          // That an arrival was a mistake says nothing about a visit.
          const { reopenedFrom = 'fulfilled' } = event.data;
          await follow.visited({ ...visitOf(event.data), tookPlace: reopenedFrom === 'fulfilled' ? false : undefined });
          break;
        }
        case 'appointment.privacy-changed':
          await follow.visited({ ...visitOf(event.data), tookPlace: event.data.status === 'fulfilled' || undefined });
      }
    }
  };

const visitOf = (data: EventData<'appointment.completed'>) => ({
  appointmentId: data.appointmentId,
  version: data.version,
  patientId: data.patientId,
  practitionerId: data.practitionerId,
  start: data.start,
  end: data.end,
  keptFromGuardians: data.keptFromGuardians,
});
