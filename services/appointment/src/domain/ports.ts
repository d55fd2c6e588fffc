import type { Taken } from './availability/availability.js';
import type { ExternalTime } from './availability/external-time.js';
import type { Appointment, AppointmentStatus, Happening } from './booking/appointment.js';
import type { Resource } from './schedule/resource.js';
import type { HolidayCalendar, Schedule } from './schedule/schedule.js';
import type { Series } from './series/series.js';
import type { Interval } from './time/intervals.js';
import type { Candidate, Offer, PlaceInLine, Waiting, WaitingStatus } from './waiting-list/waiting.js';

/** What the patient service says of a patient. */
export interface PatientFacts {
  id: string;
  active: boolean;
  /** The patient this one turned out to be. */
  mergedInto?: string;
}

/** A business identifier, as FHIR has it: `{ system: 'urn:oid:1.2.250.1.213.1.4.8', value: '2550814168025' }`. */
export interface Identifier {
  system: string;
  value: string;
}

/** What the practitioner service says of a practitioner. */
export interface PractitionerFacts {
  id: string;
  active: boolean;
  places: { id: string; zone: string }[];
  appointmentTypes: { id: string; name: string; minutes: number }[];
}

/** Questions to other services. Answers are at most five seconds old; undefined means: there is no such one. */
export interface Neighbours {
  /** @throws Unavailable (503) when the patient service cannot be asked */
  patient(id: string): Promise<PatientFacts | undefined>;
  /**
   * Asked anew each time.
   * @throws Unavailable (503) when the patient service cannot be asked
   */
  hasDied(patientId: string): Promise<boolean>;
  /** @throws Unavailable (503) when the practitioner service cannot be asked */
  practitioner(id: string): Promise<PractitionerFacts | undefined>;
  /**
   * As `FAMILY NAME Given names`; undefined for a patient who is unknown, or whose data has been erased.
   * @throws Unavailable (503) when the patient service cannot be asked
   */
  patientName(id: string): Promise<string | undefined>;
  /**
   * All who receive; of one speciality, by the beginnings of words of its name or its code, if one is given.
   * @throws Unavailable (503) when the practitioner service cannot be asked, NeighbourRefused when it is no speciality
   */
  receivingPractitioners(speciality?: string): Promise<PractitionerFacts[]>;
  /**
   * Those of the identifiers that belong to a patient, each with the patient.
   * @throws Unavailable (503) when the patient service cannot be asked, NeighbourRefused naming those that can be none
   */
  patientsByIdentifier(identifiers: Identifier[]): Promise<(Identifier & { patient: PatientFacts })[]>;
  /** @throws Unavailable (503) when the practitioner service cannot be asked, NeighbourRefused when it is no number */
  practitionerByRpps(rpps: string): Promise<PractitionerFacts | undefined>;
}

/** Why the store refused: the database itself keeps two appointments from overlapping. */
export type Overlap = 'overlap';

export interface AppointmentFilter {
  patientId?: string;
  practitionerId?: string;
  seriesId?: string;
  statuses?: AppointmentStatus[];
  /** Only those that end after it; after the beginning of an ISO date at their place. */
  from?: Date | string;
  /** Only those that start before it; before the end of an ISO date at their place. */
  to?: Date | string;
}

export interface AppointmentRepository {
  find(id: string): Promise<Appointment | undefined>;
  /** In order of start, then id; one more than `limit` when there are further ones. */
  list(filter: AppointmentFilter, limit: number, after?: [start: number, id: string]): Promise<Appointment[]>;
  /**
   * Stores a new appointment and, unless it is pending, the fact that it was booked: all or nothing. One that staff
   * forced may overlap with others of the practitioner, and is of one session with them from then on. Nothing is stored for a
   * patient who was erased.
   * @param judge throws what speaks against it beside the patient's holds, other than offers, of which it is given when they
   *   end, the first in front; the patient gets no other meanwhile
   */
  add(appointment: Appointment, judge?: (holds: Date[]) => void): Promise<'stored' | Overlap>;
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
  /** Cancels holds that have expired by `now`. @returns how many */
  releaseExpired(now: Date): Promise<number>;
  /** True when the patient has an appointment within the range, other than the one of `exceptId`. */
  isPatientBusy(patientId: string, range: Interval, now: Date, exceptId?: string): Promise<boolean>;
  /** True when it was heard that the patient was erased: nothing is stored for them any more. */
  isErased(patientId: string): Promise<boolean>;
  /** When each of the patients is taken within the range, by whichever practitioner. */
  takenOf(patientIds: string[], range: Interval, now: Date): Promise<Map<string, PatientTime[]>>;
  /**
   * True when a visit of the patient to the practitioner took place that started after `since`, or one is booked on the
   * patient's or the practice's word.
   */
  haveMet(patientId: string, practitionerId: string, since: Date): Promise<boolean>;
}

/** An appointment that stands, as a part of its patient's time. */
export interface PatientTime extends Interval {
  appointmentId: string;
}

/** An appointment as it is to be, and what is to be told of it, if anything. */
export interface Change {
  appointment: Appointment;
  happening?: Happening;
}

/** Changes of many appointments that are stored together or not at all. */
export interface ManyChanges {
  /**
   * @param schedule is stored with them, when the change of one is the reason for theirs
   * @throws 412 when one of them, or the schedule, was changed since it was read
   */
  save(changes: Change[], schedule?: Schedule): Promise<'stored' | Overlap>;
}

export interface SeriesRepository {
  /** Stores the series and its appointments, each with the fact that it was booked unless it is pending: all or nothing. */
  add(series: Series, appointments: Appointment[]): Promise<'stored' | Overlap>;
  find(id: string): Promise<Series | undefined>;
}

export interface WaitingFilter {
  patientId?: string;
  practitionerId?: string;
  status?: WaitingStatus;
}

export interface WaitingRepository {
  /**
   * @param judge throws what speaks against it beside the patient's entries that wait or have an offer; the patient gets no
   *   other meanwhile
   * @throws 422 for a patient who was erased
   */
  add(waiting: Waiting, judge: (active: Waiting[]) => void): Promise<void>;
  find(id: string): Promise<Waiting | undefined>;
  /** In the order in which they are offered what is free; one more than `limit` when there are further ones. */
  list(filter: WaitingFilter, limit: number, after?: PlaceInLine): Promise<Waiting[]>;
  /** The last one in front. */
  offersOf(waitingId: string): Promise<(Offer & { appointment: Appointment })[]>;
  isAnybodyThere(): Promise<boolean>;
  /** Ids of those whom somebody without an offer waits for. */
  wantedPractitioners(): Promise<string[]>;
  /** Those who wait for the practitioner or have an offer, in the order in which they are offered what is free. */
  inOrder(practitionerId: string): Promise<Omit<Candidate, 'busy'>[]>;
  /**
   * Stores the hold, the offer and the fact that it was offered: all or nothing.
   * @returns 'overlap' also when the entry was changed since it was read
   */
  offer(waiting: Waiting, offer: Offer, hold: Appointment): Promise<'stored' | Overlap>;
  /** Closes offers whose holds were confirmed, cancelled or released, and entries whose last date has passed. */
  settle(now: Date): Promise<void>;
  /**
   * @param changes what becomes of the offer, stored with it or not at all
   * @throws 412 when the entry or the offer was changed since it was read, or has left the list
   */
  end(waiting: Waiting, ended: NonNullable<Waiting['ended']>, changes: Change[]): Promise<void>;
}

/** A question about one practitioner's time. */
export interface AgendaLook {
  practitionerId: string;
  range: Interval;
  now: Date;
}

/** What practitioners have set, and what calendars elsewhere say. */
export interface AgendaPlan {
  schedule: Schedule;
  external: ExternalTime;
}

/** What free times follow from. Answers may reach beyond the range; holds that have expired by `now` do not count. */
export interface AgendaRepository {
  plan(look: AgendaLook): Promise<AgendaPlan>;
  /** What stands in the practitioner's time. */
  taken(look: AgendaLook): Promise<Taken[]>;
  /** When the resources of these numbers are taken within the range, by whichever practitioner. */
  resourcesTaken(numbers: number[], range: Interval, now: Date): Promise<ResourceUse[]>;
}

export interface ResourceUse extends Interval {
  number: number;
  appointmentId: string;
  session: string;
}

export interface ScheduleRepository {
  /** The practitioner's schedule; version 0 and nothing in it when none was set. */
  get(practitionerId: string): Promise<Schedule>;
  /** @throws 412 unless the stored version is still the given one; the stored one is then one higher */
  save(schedule: Schedule): Promise<Schedule>;
}

export interface ResourceRepository {
  /** In order of name. */
  list(placeId?: string): Promise<Resource[]>;
  find(id: string): Promise<Resource | undefined>;
  /** Those of the ids that there are. */
  named(ids: string[]): Promise<Resource[]>;
  /** @returns the stored one, with its number */
  add(resource: Omit<Resource, 'number'>): Promise<Resource>;
  /** @throws 412 unless the stored version is still the given one; the stored one is then one higher */
  save(resource: Resource): Promise<Resource>;
}

/** Public holidays of countries and their territories. */
export interface PublicHolidays {
  /** The name of each public holiday of a year by its date; undefined when the country or region is not known. */
  of(
    calendar: Pick<HolidayCalendar, 'country' | 'region'>,
    year: number,
  ): Promise<ReadonlyMap<string, string> | undefined>;
}
