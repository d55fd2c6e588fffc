import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface PatientChanges {
  merge(tx: EntityManager, patientId: string, intoPatientId: string): Promise<void>;
  erase(tx: EntityManager, patientId: string): Promise<void>;
}

interface Acting {
  keep(
    tx: EntityManager,
    told: {
      relatedPersonId: string;
      version: number;
      patientId: string;
      relatedPatientId: string;
      relationship: 'guardian' | 'carer';
      sections: string[];
      until?: string;
      ends?: { section: string; at: string }[];
      hasEnded: boolean;
    },
  ): Promise<void>;
}

/**
 * Follows patients who are merged, forgets those who are erased, and keeps who is to be told for whom.
 * @param told called when what came of it is committed
 */
export function followPatientWhenMergedOrErased(
  orm: Orm,
  { changes, acting, told }: { changes: PatientChanges; acting: Acting; told: () => void },
): EventHandler {
  const follow = handleOnce(orm, 'follow-patient', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      switch (event?.type) {
        case 'patient.merged':
          await changes.merge(tx, event.data.patientId, event.data.mergedIntoPatientId);
          break;
        case 'patient.erased':
          await changes.erase(tx, event.data.patientId);
          break;
        case 'related-person.given':
        case 'related-person.changed':
        case 'related-person.ended':
          await acting.keep(tx, { ...event.data, hasEnded: event.type === 'related-person.ended' });
      }
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
}
