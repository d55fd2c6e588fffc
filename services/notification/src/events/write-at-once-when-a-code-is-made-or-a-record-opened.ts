import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { Kind } from '../domain/decisions/decision.js';

export interface AtOnce {
  occasion: 'code' | 'record';
  occasionId: string;
  kind: Kind;
  /** Whom it is about, and who gets it; absent for codes. */
  patientId?: string;
}

interface PlanAtOnce {
  plan(tx: EntityManager, asked: readonly AtOnce[]): Promise<void>;
}

const kindOfCode = { reset: 'password-reset', invitation: 'invitation', registration: 'registration' } as const;

/** Mails the codes that auth makes: what is in a mail, and to whom it goes, is asked for as it leaves. */
export const mailCodesWhenTheyAreMade = (orm: Orm, plan: PlanAtOnce, planned: () => void): EventHandler =>
  tellAtOnce(orm, 'mail-codes', plan, planned, (event) =>
    event?.type === 'code.made'
      ? { occasion: 'code', occasionId: event.data.codeId, kind: kindOfCode[event.data.purpose] }
      : undefined,
  );

/** Tells patients whose record was opened as an emergency; the practitioner says why, and that stands in the record. */
export const tellThePatientWhenTheirRecordIsOpenedInAnEmergency = (
  orm: Orm,
  plan: PlanAtOnce,
  planned: () => void,
): EventHandler =>
  tellAtOnce(orm, 'tell-emergencies', plan, planned, (event) =>
    event?.type === 'record.emergency-access-opened'
      ? {
          occasion: 'record',
          occasionId: event.data.accessId,
          kind: 'emergency-access',
          patientId: event.data.patientId,
        }
      : undefined,
  );

function tellAtOnce(
  orm: Orm,
  consumer: string,
  plan: PlanAtOnce,
  planned: () => void,
  toMessage: (event: ReturnType<typeof parseEvent>) => AtOnce | undefined,
): EventHandler {
  const hear = handleOnce(orm, consumer, async (tx, received) => {
    const asked = received.flatMap((event) => toMessage(parseEvent(event)) ?? []);
    if (asked.length > 0) await plan.plan(tx, asked);
  });
  return async (events) => {
    await hear(events);
    planned();
  };
}
