import type { Principal } from '@cabinet/kit/access/principal';
import { assertVersion, versionFromIfMatch } from '@cabinet/kit/http/etag';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMaySee } from '../../domain/booking/access.js';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { ChangeAppointment } from '../../domain/booking/change-appointment.js';

/**
 * The appointment that a request is about; the trail says whose it is.
 * @throws 404 for one that is none or that the caller may not see, 412 when it is no longer as `ifMatch` has it
 */
export async function visibleAppointment(
  appointments: ChangeAppointment,
  id: string,
  actor: Principal,
  ifMatch?: string,
): Promise<Appointment> {
  const appointment = await appointments.get(id);
  noteSubjects(appointment.patientId);
  assertMaySee(actor, appointment);
  // Only now: to others neither the appointment nor its version exists.
  if (ifMatch !== undefined) assertVersion(versionFromIfMatch(ifMatch), appointment.version);
  return appointment;
}
