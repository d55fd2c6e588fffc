import type { GoneAs } from '../refusal.js';
import type { ChangedBy } from '../schedule/ports.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Interval } from '../time/intervals.js';
import type { Appointment, Happening } from './appointment.js';
import type { AppointmentStatus } from './status.js';

/** Why the store refused: the database itself keeps two appointments from overlapping. */
export type Overlap = 'overlap';

export interface AppointmentFilter {
  patientId?: string;
  practitionerId?: string;
  /** Of any of these. */
  practitionerIds?: readonly string[];
  seriesId?: string;
  statuses?: AppointmentStatus[];
  /** Without what these patients keep from guardians. */
  exceptKeptOf?: readonly string[];
  /** Only those that end after it; after the beginning of an ISO date at their place. */
  from?: Date | string;
  /** Only those that start before it; before the end of an ISO date at their place. */
  to?: Date | string;
}

/** A change of a schedule, with what was seen in the agenda when it was decided. */
export interface ScheduleReason {
  schedule: Schedule;
  seen: Seen;
  by: ChangedBy;
}

/** What of a practitioner's agenda something was decided on: these appointments, and no others within the range. */
export interface Seen {
  range: Interval;
  statuses: AppointmentStatus[];
  appointmentIds: string[];
}

export interface Appointments {
  find(id: string): Promise<Appointment | undefined>;
  /** In order of start, then id; one more than `limit` when there are further ones. */
  list(filter: AppointmentFilter, limit: number, after?: [start: number, id: string]): Promise<Appointment[]>;
  /**
   * Stores a new appointment and, unless it is pending, the fact that it was booked: all or nothing. One that staff
   * forced may overlap with others of the practitioner, and is of one session with them from then on. Nothing is stored for a
   * patient who was erased, or has died.
   * @param judge throws what speaks against it beside the patient's holds, other than offers, the first to end in front; the
   *   patient gets no other meanwhile
   */
  add(appointment: Appointment, judge?: (holds: Hold[]) => void): Promise<'stored' | Overlap>;
  /**
   * Stores those that overlap with nothing, each with the fact that it was booked, in one transaction.
   * @returns the ids of those stored
   */
  addAll(appointments: Appointment[]): Promise<Set<string>>;
  /** Of the given ones, those that stand already: same patient, practitioner and start, neither cancelled nor missed. */
  alreadyBooked(appointments: Appointment[]): Promise<Set<string>>;
  /**
   * Stores the change and tells what happened, if anything is to be told: both or neither.
   * @throws 412 when somebody else changed the appointment since it was read
   */
  save(appointment: Appointment, happening?: Happening): Promise<'stored' | Overlap>;
  /**
   * Stores changes of many appointments: all or none.
   * @param reason a change of a schedule that is stored with them; when the agenda has more by then than was seen, it overlaps
   * @throws 412 when one of them, or the schedule, was changed since it was read
   */
  saveAll(changes: Change[], reason?: ScheduleReason): Promise<'stored' | Overlap>;
  /** Cancels holds that have expired by `now`. @returns how many */
  releaseExpired(now: Date): Promise<number>;
  /** What was heard of a patient for whom nothing is stored any more. */
  goneAs(patientId: string): Promise<GoneAs | undefined>;
  /** When each of the patients is taken within the range, by whichever practitioner. */
  takenOf(patientIds: string[], range: Interval, now: Date): Promise<Map<string, PatientTime[]>>;
  /**
   * `care` when a visit of the patient to the practitioner took place that started after `since`, or one is booked on the
   * patient's or the practice's word; `kept` when each of these is kept from the patient's guardians. Those that start at
   * `until` or later do not count.
   */
  care(
    patientId: string,
    practitionerId: string,
    within: { since: Date; until?: Date },
  ): Promise<'none' | 'kept' | 'care'>;
}

/** An appointment that stands, as a part of its patient's time. */
export interface PatientTime extends Interval {
  appointmentId: string;
  patientId?: string;
  keptFromGuardians?: boolean;
}

export interface Hold {
  endsAt: Date;
  keptFromGuardians: boolean;
}

/** An appointment as it is to be, and what is to be told of it, if anything. */
export interface Change {
  appointment: Appointment;
  happening?: Happening;
}
