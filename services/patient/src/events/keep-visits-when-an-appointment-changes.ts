import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/kit';
import { type EntityManager, handleOnce, type Orm } from '@cabinet/kit/postgres';
import type { Visit } from '../domain/visits.js';

export type KeepVisit = (tx: EntityManager, visit: Visit) => Promise<void>;

/**
 * Every appointment event carries the whole state that matters here, so each kind is handled alike and a newer version
 * makes up for one that was never heard.
 */
export const keepVisitsWhenAnAppointmentChanges = (orm: Orm, keepVisit: KeepVisit): EventHandler =>
  handleOnce(orm, 'keep-visits', async (tx, received) => {
    const event = parseEvent(received);
    if (!event?.type.startsWith('appointment.') || !('appointmentId' in event.data)) return;
    const { appointmentId, version, patientId, status, start } = event.data;
    await keepVisit(tx, { appointmentId, version, patientId, status, start: new Date(start) });
  });
