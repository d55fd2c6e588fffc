import type { Mode } from './booking-rules.js';
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
  mode: Mode;
  /** With what is kept free before and after it; absent: nothing is. */
  busyFrom?: Date;
  busyUntil?: Date;
  /** Appointments of one session may overlap: the patients of a group visit. Absent: it is alone. */
  session?: string;
  /** Of a group visit, from 1 to its capacity. */
  seat?: number;
  /** For a type with a daily maximum: the ISO date at the place, and the how-manieth of that date, from 1. */
  day?: string;
  dayPlace?: number;
  /** Numbers of the rooms and devices that it takes. */
  resources?: number[];
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
