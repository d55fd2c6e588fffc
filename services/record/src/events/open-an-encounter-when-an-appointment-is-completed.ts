import { parseEvent } from '@cabinet/contracts';
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
        case 'appointment.reopened':
        case 'appointment.privacy-changed': {
          const { status, placeId: _, appointmentTypeId: __, ...visit } = event.data;
          const tookPlace =
            event.type === 'appointment.privacy-changed'
              ? status === 'fulfilled' || undefined
              : event.type === 'appointment.completed';
          await follow.visited({ ...visit, tookPlace });
        }
      }
    }
  };
