import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { Appointment, Happening } from '../domain/booking/appointment.js';

/** What the practice hears when something happens to an appointment. Never the reason: it may be medical. */
export const toFact = (appointment: Appointment, happening: Happening) => {
  const data = dataOf(appointment);
  switch (happening) {
    case 'offered': {
      const answerBy = (appointment.heldUntil ?? appointment.start).toISOString();
      return fact('appointment.offered', appointment.id, { ...data, answerBy });
    }
    case 'delayed':
      return fact('appointment.delayed', appointment.id, { ...data, minutes: appointment.delay?.minutes ?? 1 });
    case 'reopened':
      return fact('appointment.reopened', appointment.id, { ...data, reopenedFrom: reopenedFrom(appointment) });
    default:
      return fact(`appointment.${happening}`, appointment.id, data);
  }
};

function reopenedFrom({ corrections }: Appointment) {
  const from = corrections?.at(-1)?.from;
  return from === 'arrived' || from === 'fulfilled' || from === 'noshow' ? from : undefined;
}

const dataOf = (appointment: Appointment) => ({
  appointmentId: appointment.id,
  version: appointment.version,
  patientId: appointment.patientId,
  practitionerId: appointment.practitionerId,
  appointmentTypeId: appointment.appointmentTypeId,
  placeId: appointment.placeId,
  // Of what is pending nothing is told but of an offer, to which nobody comes unless it is accepted; what is declined is cancelled.
  status: appointment.status === 'pending' ? ('proposed' as const) : appointment.status,
  start: appointment.start.toISOString(),
  end: appointment.end.toISOString(),
  keptFromGuardians: appointment.keptFromGuardians || undefined,
});

/** What is heard of the data of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) =>
  fact('appointment.patient-data-erased', receipt.patientId, receipt);
