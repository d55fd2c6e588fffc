import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import { isTellable, type Tellable } from '../domain/webhooks/webhook.js';

interface PlanDeliveries {
  plan(
    tx: EntityManager,
    told: readonly { type: Tellable; at?: string; patientId: string; data: object }[],
  ): Promise<void>;
}

/**
 * Each change is told to every webhook that wants to know of it, once, with the ids and codes that other services hear.
 * @param planned called when what is to be told is committed
 */
export function tellWebhooksWhenAnAppointmentChanges(
  orm: Orm,
  deliveries: PlanDeliveries,
  planned: () => void,
): EventHandler {
  const hear = handleOnce(orm, 'tell-webhooks', async (tx, received) => {
    const told = received.flatMap((event) => {
      const heard = parseEvent(event);
      if (!heard) return [];
      const { type, data } = heard;
      if (!isTellable(type) || !('patientId' in data) || !data.patientId) return [];
      return { type, at: event.time, patientId: data.patientId, data };
    });
    if (told.length > 0) await deliveries.plan(tx, told);
  });
  return async (events) => {
    await hear(events);
    planned();
  };
}
