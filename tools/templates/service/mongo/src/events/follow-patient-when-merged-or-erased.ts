import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface PatientChanges {
  patientMerged(patientId: string, intoPatientId: string): Promise<void>;
  patientErased(patientId: string): Promise<void>;
}

/** Handling an event again changes nothing, so there is no list of handled ones. */
export const followPatientWhenMergedOrErased =
  (changes: PatientChanges): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      if (event?.type === 'patient.merged') {
        await changes.patientMerged(event.data.patientId, event.data.mergedIntoPatientId);
      } else if (event?.type === 'patient.erased') {
        await changes.patientErased(event.data.patientId);
      }
    }
  };
