import { parseEvent } from '@cabinet/contracts';
import type { EventHandler, ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { FollowPatients } from '../domain/follow-patients.js';

/** Handling an event again changes nothing, so there is no list of handled ones. */
export const keepRecordsInStepWhenAPatientChanges =
  (follow: FollowPatients): EventHandler =>
  async (events) => {
    for (const event of events) await keepInStep(follow, event);
  };

async function keepInStep(follow: FollowPatients, received: ReceivedEvent): Promise<void> {
  const event = parseEvent(received);
  switch (event?.type) {
    case 'patient.registered':
      return follow.opened(event.data.patientId);
    case 'patient.merged':
      return follow.merged(event.data.patientId, event.data.mergedIntoPatientId);
    case 'patient.erased':
      return follow.erased(event.data.patientId, event.data.again);
    default:
      return;
  }
}
