import type { EntityManager } from '@cabinet/postgres/orm';
import type { Told } from '../../domain/ports.js';
import type { NotificationEvents } from '../notification-events.js';

interface Row {
  id: string;
  version: number;
  occasionId: string;
  patientId: string | null;
  kind: Told['kind'];
  channel: Told['channel'];
  reason: Told['reason'] | null;
}

/** Runs an update that suppresses decisions, and tells of each. @returns those that it suppressed */
export async function tellSuppressed(
  tx: EntityManager,
  events: NotificationEvents,
  update: string,
  values: unknown[],
): Promise<Row[]> {
  const rows = await tx.execute<Row[]>(
    `${update} returning decision.id, decision.version, decision.occasion_id as "occasionId", decision.patient_id as "patientId",
       decision.kind, decision.channel, decision.reason`,
    values,
  );
  await events.enqueueAll(
    tx,
    rows.map(({ patientId, reason, occasionId: _, ...told }) => [
      { ...told, patientId: patientId ?? undefined, reason: reason ?? undefined },
      'suppressed',
    ]),
  );
  return rows;
}
