import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/kit';
import { type EntityManager, handleOnce, type Orm } from '@cabinet/kit/postgres';

interface PatientsGone {
  merge(tx: EntityManager, patientId: string, intoPatientId: string): Promise<void>;
  erase(tx: EntityManager, patientId: string): Promise<void>;
}

/** Keeps logins from leading to a patient who is no longer there. */
export const followPatientWhenMergedOrErased = (orm: Orm, gone: PatientsGone, told: () => void): EventHandler => {
  const follow = handleOnce(orm, 'follow-patient', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type === 'patient.merged') {
        await gone.merge(tx, event.data.patientId, event.data.mergedIntoPatientId);
      } else if (event?.type === 'patient.erased') {
        await gone.erase(tx, event.data.patientId);
      }
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
};
