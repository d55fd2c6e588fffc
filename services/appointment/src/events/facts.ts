import { id, instant, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const appointment = z.object({
  appointmentId: id,
  version,
  patientId: id,
  practitionerId: id,
  appointmentTypeId: id,
  placeId: id.optional(),
  /** FHIR R4 AppointmentStatus. */
  status: z.enum(['proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist']),
  start: instant,
  end: instant,
  /** A minor's secret: their guardians hear nothing of it. Absent: it is none. */
  keptFromGuardians: z.boolean().optional(),
});

export const facts = {
  /** A slot is kept for a patient who waits for one, until an instant. */
  'appointment.offered': appointment.extend({ answerBy: instant }),
  'appointment.booked': appointment,
  'appointment.moved': appointment,
  'appointment.cancelled': appointment,
  /** The practice said no to what a patient, or who acts for them, had asked for; nothing else was told of it. */
  'appointment.declined': appointment,
  'appointment.arrived': appointment,
  'appointment.completed': appointment,
  'appointment.missed': appointment,
  /** It was recorded by mistake that the patient arrived, was seen, or did not come: it is booked again. */
  'appointment.reopened': appointment.extend({
    /** What had been recorded; absent in events of earlier releases. */
    reopenedFrom: z.enum(['arrived', 'fulfilled', 'noshow']).optional(),
  }),
  /** Its patient, or who acts for them, says that they come. */
  'appointment.accepted': appointment,
  /** They say that they come about so many minutes late. */
  'appointment.delayed': appointment.extend({ minutes: z.number().int().positive() }),
  /** Its patient keeps it from their guardians from now on, or no longer: `keptFromGuardians` says which. */
  'appointment.privacy-changed': appointment,
  'appointment.patient-data-erased': patientDataErased,
} as const;
