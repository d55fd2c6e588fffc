import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface PatientChanges {
  merge(tx: EntityManager, patientId: string, intoPatientId: string): Promise<void>;
  erase(tx: EntityManager, patientId: string): Promise<void>;
}

/** @param told called when what came of it is committed */
export const followPatientWhenMergedOrErased = (orm: Orm, changes: PatientChanges, told: () => void): EventHandler => {
  const follow = handleOnce(orm, 'follow-patient', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type === 'patient.merged') {
        await changes.merge(tx, event.data.patientId, event.data.mergedIntoPatientId);
      } else if (event?.type === 'patient.erased') {
        await changes.erase(tx, event.data.patientId);
      }
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
};
