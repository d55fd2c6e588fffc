import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { HeardVisit } from '../domain/visit.js';

interface PlanVisits {
  hear(tx: EntityManager, heard: readonly HeardVisit[]): Promise<number>;
}

/**
 * Every appointment event has the whole state in it that matters here, so the newest of a visit speaks for all.
 * @param planned called when what came of it is committed
 */
export function planMessagesWhenAnAppointmentChanges(
  orm: Orm,
  { plan, planned }: { plan: PlanVisits; planned: () => void },
): EventHandler {
  const hear = handleOnce(orm, 'plan-messages', async (tx, received) => {
    const newest = new Map<string, HeardVisit>();
    for (const event of received.map(parseEvent)) {
      if (!event?.type.startsWith('appointment.') || !('appointmentId' in event.data)) continue;
      const { appointmentId, version, patientId, appointmentTypeId, status, start, ...its } = event.data;
      if (version <= (newest.get(appointmentId)?.version ?? 0)) continue;
      newest.set(appointmentId, {
        ...{ appointmentId, version, patientId, appointmentTypeId, status, start: new Date(start) },
        ...{ practitionerId: its.practitionerId, placeId: its.placeId },
        keptFromGuardians: its.keptFromGuardians ?? false,
        answerBy: 'answerBy' in its ? new Date(its.answerBy) : undefined,
        isDeclined: event.type === 'appointment.declined',
      });
    }
    if (newest.size > 0) await plan.hear(tx, [...newest.values()]);
  });
  return async (events) => {
    await hear(events);
    planned();
  };
}
