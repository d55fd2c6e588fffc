import type { Capacity } from '../capacity.js';
import type { Mode } from '../schedule/booking-rules.js';
import { inZone, minute } from '../time/time.js';
import { InvalidTransition, TooEarly } from './errors.js';
import type { AppointmentStatus } from './status.js';

/** FHIR R4 appointment-cancellation-reason: the patient, who has died, the provider, maintenance, medicine incomplete, other. */
export const cancellationCodes = ['pat', 'pat-dec', 'prov', 'maint', 'meds-inc', 'other'] as const;

export type CancellationCode = (typeof cancellationCodes)[number];

export interface Cancellation {
  reason: string;
  code?: CancellationCode;
  /** True when it came later than patients may cancel. */
  isLate?: boolean;
  at: Date;
  /** User id. */
  by: string;
}

/** What was recorded by mistake, and taken back. */
export interface Correction {
  from: AppointmentStatus;
  reason: string;
  at: Date;
  /** User id. */
  by: string;
}

export interface Delay {
  /** About so many after its start. */
  minutes: number;
  at: Date;
}

/** Staff forced it over what was in the way. */
export interface Overbooking {
  reason: string;
  /** User id. */
  by: string;
  /** Codes of what was in the way. */
  over: string[];
}

/** It was booked while a calendar of the practitioner elsewhere could not be read. */
export interface CalendarCheck {
  /** Until it can be; then, when that has taken the time, it is for staff to decide. */
  state: 'awaited' | 'conflicting';
  /** Its status once nothing speaks against it. */
  becomes: 'pending' | 'booked';
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
  /** A hold ends at it, unless it is confirmed before. */
  heldUntil?: Date;
  overbooking?: Overbooking;
  /** Of the schedule by which its time was free; absent: whatever that says. */
  scheduleVersion?: number;
  /**
   * Whose word it rests on. `practitioner`: on that of nobody else, so too an offer until somebody accepts it. `arrival`: the
   * practitioner booked it, and a secretary recorded that the patient came. `guardian`, `carer`: who acts for the patient says so. `unknown`: it was booked before this was kept.
   */
  bookedAs: Capacity | 'import' | 'arrival' | 'unknown';
  /** A minor's secret: to their guardians it does not exist. */
  keptFromGuardians: boolean;
  seriesId?: string;
  /** When the series has it; it starts at another time when it was moved alone. */
  occurrence?: Date;
  calendarCheck?: CalendarCheck;
  /** When it was recorded that the patient came; absent: that was not, or was taken back. */
  arrivedAt?: Date;
  /** When the patient, or who acts for them, said that they come; absent: they did not, or it has moved since. */
  acceptedAt?: Date;
  /** They said that they come late. */
  delay?: Delay;
  reason?: string;
  cancellation?: Cancellation;
  corrections?: Correction[];
  createdAt: Date;
  createdBy: string;
}

/** What is told of an appointment, as `appointment.<happening>`; of a pending one nothing is, unless it is offered or declined. */
export type Happening =
  | 'offered'
  | 'booked'
  | 'moved'
  | 'cancelled'
  | 'declined'
  | 'arrived'
  | 'completed'
  | 'missed'
  | 'reopened'
  | 'accepted'
  | 'delayed'
  | 'privacy-changed';

type LaterHappening = Exclude<Happening, 'offered' | 'booked' | 'declined' | 'privacy-changed'> | 'confirmed';

// From which statuses something may happen, and the status it leads to.
const transitions: Record<LaterHappening, { from: AppointmentStatus[]; to: AppointmentStatus }> = {
  confirmed: { from: ['proposed', 'pending', 'waitlist'], to: 'booked' },
  moved: { from: ['booked'], to: 'booked' },
  accepted: { from: ['booked'], to: 'booked' },
  delayed: { from: ['booked'], to: 'booked' },
  cancelled: { from: ['proposed', 'pending', 'booked', 'arrived', 'waitlist'], to: 'cancelled' },
  arrived: { from: ['booked'], to: 'arrived' },
  completed: { from: ['booked', 'arrived'], to: 'fulfilled' },
  missed: { from: ['booked'], to: 'noshow' },
  reopened: { from: ['arrived', 'fulfilled', 'noshow'], to: 'booked' },
};

/** @throws InvalidTransition (409) when this cannot happen to an appointment of that status */
export function statusAfter(happening: LaterHappening, current: AppointmentStatus): AppointmentStatus {
  const { from, to } = transitions[happening];
  if (!from.includes(current)) throw new InvalidTransition(happening, current);
  return to;
}

const family: readonly Appointment['bookedAs'][] = ['patient', 'guardian', 'carer'];

/**
 * What is told of a cancellation. Of what was pending nobody has heard but who asked for it: they wait for the word of the practice, and
 * hear it when it is no.
 * @param before as it was
 * @param isByPractice false when who asked has thought better of it
 */
export function toldOfCancellation(
  before: Pick<Appointment, 'status' | 'heldUntil' | 'bookedAs'>,
  isByPractice: boolean,
): 'cancelled' | 'declined' | undefined {
  if (before.status !== 'pending') return 'cancelled';
  return isByPractice && before.heldUntil === undefined && family.includes(before.bookedAs) ? 'declined' : undefined;
}

/** So long before its start somebody knows that they will be late, in minutes; once it is over nobody is. */
export const delayKnownMinutes = 180;

/** @throws TooEarly (409) while nobody knows yet that they will be late, InvalidTransition (409) once it is over */
export function assertIsSoon({ start, end, zone, status }: Appointment, now: Date): void {
  const from = start.getTime() - delayKnownMinutes * minute;
  if (now.getTime() < from) throw new TooEarly('delayed', inZone(from, zone));
  if (now >= end) throw new InvalidTransition('delayed', status);
}

export type Recorded = 'arrived' | 'completed' | 'missed';

/** How long before its start it may happen, in minutes: patients are early, and some are seen as soon as they are there. */
const earlyMinutes: Record<Recorded, number> = { arrived: 360, completed: 60, missed: 0 };

/** @throws TooEarly (409) while its time has not come */
export function assertTimeHasCome(happening: Recorded, { start, zone }: Appointment, now: Date): void {
  const from = start.getTime() - earlyMinutes[happening] * minute;
  if (now.getTime() < from) throw new TooEarly(happening, inZone(from, zone));
}

/** True for a hold that has ended without being confirmed. */
export const hasExpired = ({ status, heldUntil }: Appointment, now: Date): boolean =>
  status === 'pending' && heldUntil !== undefined && heldUntil <= now;
