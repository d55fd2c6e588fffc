import { InvalidTransition } from './errors.js';

/** FHIR R4 AppointmentStatus, those that occur here. */
export const statuses = ['booked', 'arrived', 'fulfilled', 'cancelled', 'noshow'] as const;
export type AppointmentStatus = (typeof statuses)[number];

export interface Cancellation {
  reason: string;
  at: Date;
  /** User id. */
  by: string;
}

export interface Appointment {
  id: string;
  version: number;
  status: AppointmentStatus;
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  placeId: string;
  /** IANA zone of the place when it was booked. */
  zone: string;
  start: Date;
  end: Date;
  reason?: string;
  cancellation?: Cancellation;
  createdAt: Date;
  createdBy: string;
}

/** What can happen to an appointment; each is told as `appointment.<happening>`. */
export type Happening = 'booked' | 'moved' | 'cancelled' | 'arrived' | 'completed' | 'missed';

type LaterHappening = Exclude<Happening, 'booked'>;

// From which statuses something may happen, and the status it leads to.
const transitions: Record<LaterHappening, { from: AppointmentStatus[]; to: AppointmentStatus }> = {
  moved: { from: ['booked'], to: 'booked' },
  cancelled: { from: ['booked', 'arrived'], to: 'cancelled' },
  arrived: { from: ['booked'], to: 'arrived' },
  completed: { from: ['booked', 'arrived'], to: 'fulfilled' },
  missed: { from: ['booked'], to: 'noshow' },
};

/** @throws InvalidTransition (409) when this cannot happen to an appointment of that status */
export function statusAfter(happening: LaterHappening, current: AppointmentStatus): AppointmentStatus {
  const { from, to } = transitions[happening];
  if (!from.includes(current)) throw new InvalidTransition(happening, current);
  return to;
}
