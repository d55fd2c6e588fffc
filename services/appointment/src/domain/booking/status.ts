/** FHIR R4 AppointmentStatus, all but `entered-in-error` and `checked-in`. */
export const statuses = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'waitlist',
] as const;

export type AppointmentStatus = (typeof statuses)[number];
