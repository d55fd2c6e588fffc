import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Patients {
  /** @throws Unavailable (503) when nobody can be asked */
  hasDied(patientId: string): Promise<boolean>;
}

interface DeceasedPatients {
  died(tx: EntityManager, patientId: string): Promise<void>;
  lives(tx: EntityManager, patientId: string): Promise<void>;
}

/** What has changed of somebody who has died: they are out of use, or are so for another reason than before. */
const mayTell = ['active', 'inactiveReason'];

/** That somebody has died is in no event: it tells that they are out of use, and the patient service knows why. */
export const cancelVisitsWhenAPatientHasDied = (
  orm: Orm,
  patients: Patients,
  deceased: DeceasedPatients,
  told: () => void,
): EventHandler => {
  const follow = handleOnce(orm, 'cancel-visits-of-deceased', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type !== 'patient.updated') continue;
      const { patientId, changed = mayTell } = event.data;
      const mayHaveDied = changed.some((field) => mayTell.includes(field));
      if (!mayHaveDied) continue;
      if (await patients.hasDied(patientId)) await deceased.died(tx, patientId);
      else await deceased.lives(tx, patientId);
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
};
