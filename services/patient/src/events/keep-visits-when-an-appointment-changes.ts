import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { Visit } from '../domain/visits.js';

export type KeepVisits = (tx: EntityManager, visits: Visit[]) => Promise<void>;

/**
 * Every appointment event carries the whole state that matters here, so each kind is handled alike and a newer version
 * makes up for one that was never heard.
 */
export const keepVisitsWhenAnAppointmentChanges = (orm: Orm, keepVisits: KeepVisits): EventHandler =>
  handleOnce(orm, 'keep-visits', async (tx, received) => {
    const newest = new Map<string, Visit>();
    for (const event of received.map(parseEvent)) {
      if (!event?.type.startsWith('appointment.') || !('appointmentId' in event.data)) continue;
      const { appointmentId, version, patientId, status, start } = event.data;
      if (version <= (newest.get(appointmentId)?.version ?? 0)) continue;
      newest.set(appointmentId, { appointmentId, version, patientId, status, start: new Date(start) });
    }
    if (newest.size > 0) await keepVisits(tx, [...newest.values()]);
  });
