import { appointmentClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { type CareRelations, careRelationsBy } from '@cabinet/service/access/care-relations';
import { neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';

/** Asks the appointment service through the own sidecar. */
export function daprCareRelations(sidecar: SidecarAddress, clock: Clock): CareRelations {
  const appointments = appointmentClient({ baseUrl: 'http://appointment', fetch: neighbour(sidecar, 'appointment') });
  return careRelationsBy((query) => appointments.GET('/api/appointments/care-relation', { params: { query } }), clock);
}
