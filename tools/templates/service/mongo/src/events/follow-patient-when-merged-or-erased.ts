import { parseEvent } from '@cabinet/contracts';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface PatientChanges {
  patientMerged(patientId: string, intoPatientId: string): Promise<void>;
  /** @returns what became of what there was, the same however often it is done */
  patientErased(patientId: string): Promise<Fate[]>;
}

/**
 * Handling an event again changes nothing, so there is no list of handled ones.
 * @param tell fails when the broker is away, and then the event comes again
 */
export const followPatientWhenMergedOrErased =
  (changes: PatientChanges, tell: (receipt: ErasureReceipt) => Promise<void>): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      if (event?.type === 'patient.merged') {
        await changes.patientMerged(event.data.patientId, event.data.mergedIntoPatientId);
      } else if (event?.type === 'patient.erased') {
        const { patientId } = event.data;
        await tell({ patientId, what: [...(await changes.patientErased(patientId)), keptTrail] });
      }
    }
  };
