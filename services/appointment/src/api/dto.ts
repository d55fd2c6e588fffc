import type { Appointment, AppointmentStatus, CancellationCode } from '../domain/appointment.js';
import type { Refusal } from '../domain/availability.js';
import { type Mode, type TypeRules, usualRules } from '../domain/booking-rules.js';
import { messageOf } from '../domain/errors.js';
import type { FoundSlot } from '../domain/find-free-slots.js';
import type { Resource } from '../domain/resource.js';
import type { Schedule } from '../domain/schedule.js';
import { type DayOfWeek, inZone } from '../domain/time.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T09:30:00+01:00"
 */
export type Instant = string;

/**
 * A time of day on the clock of the place; `24:00` is the end of the day.
 * @pattern ^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$
 * @example "09:00"
 */
export type TimeOfDay = string;

/**
 * A date on the calendar of the place.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 * @example "2026-12-24"
 */
export type LocalDate = string;

/**
 * Why, in a few words.
 * @minLength 1
 * @maxLength 500
 */
export type Reason = string;

export interface AppointmentRequest {
  patientId: Uuid;
  practitionerId: Uuid;
  /** One of the practitioner's appointment types; it gives the length. */
  appointmentTypeId: Uuid;
  /** The start of a free slot. */
  start: Instant;
  /** One of the type's modes; the first of them when it is left out. */
  mode?: Mode;
  /** Why the patient comes, seen by the people of this appointment only. */
  reason?: Reason;
  /** For staff: take the time whatever is in its way. Nobody can be in two places, and nothing is booked in the past. */
  overbook?: OverbookDto;
}

export interface OverbookDto {
  reason: Reason;
  /** Where, when nothing is open then; the practitioner's first place when it is left out. */
  placeId?: Uuid;
}

export interface HoldRequest extends AppointmentRequest {
  /**
   * For how long; 5 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 30
   */
  minutes?: number;
}

export interface MoveRequest {
  /** The start of a free slot of the same practitioner. */
  start: Instant;
  /** For staff, as in a booking. */
  overbook?: OverbookDto;
}

export interface CancelRequest {
  /** @example "The patient called: no longer needed" */
  reason: Reason;
  /** FHIR R4: the patient, the provider, maintenance, medicine incomplete, other. */
  code?: CancellationCode;
}

export interface CancellationResponse {
  reason: string;
  code?: CancellationCode;
  /** True when it came later than patients may cancel; absent: it did not. */
  isLate?: boolean;
  at: Instant;
  /** User id. */
  by: string;
}

export interface OverbookingResponse {
  reason: string;
  /** User id. */
  by: string;
  /** Codes of what was in the way. */
  over: string[];
}

export interface AppointmentResponse {
  id: Uuid;
  /** Grows with every change; also the ETag. */
  version: number;
  /** FHIR R4 AppointmentStatus. */
  status: AppointmentStatus;
  patientId: Uuid;
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  placeId: Uuid;
  start: Instant;
  end: Instant;
  /**
   * IANA zone of the place.
   * @example "Europe/Paris"
   */
  zone: string;
  mode: Mode;
  /** Of a hold: nobody else can have the time until then, and it ends then unless it is confirmed. */
  heldUntil?: Instant;
  /** Who forced it, why, and over what; for staff. */
  overbooking?: OverbookingResponse;
  reason?: string;
  cancellation?: CancellationResponse;
  createdAt: Instant;
}

export interface AppointmentList {
  items: AppointmentResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface SlotResponse {
  start: Instant;
  end: Instant;
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  placeId: Uuid;
  /**
   * IANA zone of the place.
   * @example "Europe/Paris"
   */
  zone: string;
  /** Of a group visit: how many can still book. */
  seatsLeft?: number;
}

export interface SlotList {
  items: SlotResponse[];
  nextCursor?: string;
}

export interface SlotRefusal {
  /** As in the refusal of a booking. */
  code: Refusal['code'];
  /** @example "is too close to another appointment" */
  message: string;
  /** Beginning and end of what is in the way. */
  from?: Instant;
  until?: Instant;
  /** The appointment that is in the way; for staff only. */
  appointmentId?: Uuid;
}

export interface SlotExplanation {
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  start: Instant;
  zone: string;
  /** True when it can be booked. */
  isOffered: boolean;
  /** Everything in the way, what a booking would be refused for in front. */
  reasons: SlotRefusal[];
  nextFreeSlots: SlotResponse[];
}

export interface TimeSpanDto {
  startTime: TimeOfDay;
  endTime: TimeOfDay;
}

export interface WorkingHoursDto {
  /** One of the practitioner's places; its zone is the clock of these hours. */
  placeId: Uuid;
  /**
   * FHIR R4 DaysOfWeek.
   * @minItems 1
   * @maxItems 7
   * @uniqueItems
   */
  daysOfWeek: DayOfWeek[];
  startTime: TimeOfDay;
  endTime: TimeOfDay;
  /**
   * Within the period.
   * @maxItems 10
   */
  breaks?: TimeSpanDto[];
  /** First date; without beginning when it is left out. */
  validFrom?: LocalDate;
  /** Last date; without end when it is left out. */
  validUntil?: LocalDate;
  /**
   * Only for these of the practitioner's types; for all when it is left out.
   * @minItems 1
   * @maxItems 50
   */
  appointmentTypeIds?: Uuid[];
}

/** On this date, at this place, these periods instead of the weekly hours; none: closed. */
export interface ExceptionDto {
  date: LocalDate;
  placeId: Uuid;
  /** @maxItems 10 */
  periods: TimeSpanDto[];
}

/** A period beside all others, public holiday or not. */
export interface ExtraOpeningDto {
  date: LocalDate;
  placeId: Uuid;
  startTime: TimeOfDay;
  endTime: TimeOfDay;
}

/** From a date to another (inclusive) the practitioner receives nowhere. */
export interface AbsenceDto {
  startDate: LocalDate;
  endDate: LocalDate;
  /** On the first date, the absence begins at it. */
  startTime?: TimeOfDay;
  /** On the last date, the absence ends at it. */
  endTime?: TimeOfDay;
}

/** At this place the weekly hours do not hold on public holidays. */
export interface HolidayCalendarDto {
  placeId: Uuid;
  /**
   * ISO 3166-1 alpha-2; a territory may have its own: `NC`, `PF`, `PM`, `WF`.
   * @pattern ^[A-Z]{2}$
   * @example "FR"
   */
  country: string;
  /**
   * Part of the country, as in ISO 3166-2 behind its code: `RE`, `MQ`, `67`.
   * @pattern ^[A-Z0-9]{1,3}$
   * @example "RE"
   */
  region?: string;
}

/** Slots start at so many minutes past the hour, and every so many minutes from there. */
export interface AlignmentDto {
  /**
   * @isInt
   * @minimum 5
   * @maximum 240
   */
  everyMinutes: number;
  /**
   * @isInt
   * @minimum 0
   * @maximum 239
   */
  offsetMinutes: number;
}

/** One of these rooms or devices is taken along. */
export interface NeedDto {
  /**
   * @minItems 1
   * @maxItems 50
   */
  anyOf: Uuid[];
}

export interface TypeRulesDto {
  /** One of the practitioner's types. */
  appointmentTypeId: Uuid;
  /**
   * Kept free before each appointment, on top of what its neighbours keep free; 0 when it is left out.
   * @isInt
   * @minimum 0
   * @maximum 240
   */
  bufferBeforeMinutes?: number;
  /**
   * Kept free after it.
   * @isInt
   * @minimum 0
   * @maximum 240
   */
  bufferAfterMinutes?: number;
  /** When it is left out, slots follow one another from the beginning of each opening. */
  alignment?: AlignmentDto;
  /**
   * Patients book at least so long ahead; 0 when it is left out.
   * @isInt
   * @minimum 0
   * @maximum 129600
   */
  noticeMinutes?: number;
  /**
   * Patients book at most so many days ahead.
   * @isInt
   * @minimum 0
   * @maximum 1000
   */
  horizonDays?: number;
  /**
   * Appointments of this type on one day, at most.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  dailyMax?: number;
  /** `patients` when it is left out: they and staff. */
  bookableBy?: 'patients' | 'staff';
  /**
   * In person when it is left out.
   * @minItems 1
   * @maxItems 3
   * @uniqueItems
   */
  modes?: Mode[];
  /**
   * Where a video appointment takes place; an https address.
   * @maxLength 500
   */
  videoLink?: string;
  /**
   * Patients who come together to one appointment; 1 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  capacity?: number;
  /**
   * Rooms and devices that each appointment takes along.
   * @maxItems 5
   */
  needs?: NeedDto[];
  /** What a patient books is pending until staff confirm it; false when it is left out. */
  needsConfirmation?: boolean;
  /**
   * Patients cancel at least so long before the appointment; 0 when it is left out.
   * @isInt
   * @minimum 0
   * @maximum 43200
   */
  cancelNoticeMinutes?: number;
  /**
   * Patients move it at least so long before; 0 when it is left out.
   * @isInt
   * @minimum 0
   * @maximum 43200
   */
  moveNoticeMinutes?: number;
}

/** What is left out stays as it is. */
export interface ScheduleRequest {
  /** @maxItems 100 */
  hours: WorkingHoursDto[];
  /** @maxItems 400 */
  exceptions?: ExceptionDto[];
  /** @maxItems 400 */
  extraOpenings?: ExtraOpeningDto[];
  /** @maxItems 200 */
  absences?: AbsenceDto[];
  /** @maxItems 20 */
  holidays?: HolidayCalendarDto[];
  /** @maxItems 50 */
  rules?: TypeRulesDto[];
}

export interface ScheduleResponse {
  practitionerId: Uuid;
  /** 0 while nothing has been set; also the ETag. */
  version: number;
  hours: WorkingHoursDto[];
  exceptions: ExceptionDto[];
  extraOpenings: ExtraOpeningDto[];
  absences: AbsenceDto[];
  holidays: HolidayCalendarDto[];
  rules: TypeRulesDto[];
}

export interface ResourceRequest {
  kind: 'room' | 'device';
  /**
   * @minLength 1
   * @maxLength 100
   * @example "Salle 2"
   */
  name: string;
  /** Where it stands; when it is left out it goes where it is needed. */
  placeId?: Uuid;
}

export interface ResourceReplacement extends ResourceRequest {
  /** False takes it out of use; appointments that have it keep it. */
  active: boolean;
}

export interface ResourceResponse extends ResourceReplacement {
  id: Uuid;
  /** Also the ETag. */
  version: number;
}

export interface ResourceList {
  items: ResourceResponse[];
}

export interface CareRelation {
  patientId: Uuid;
  practitionerId: Uuid;
  /** True when they have or had an appointment that was neither cancelled nor missed. */
  exists: boolean;
}

/** @param isStaff others do not learn what was forced, and why */
export const toAppointmentResponse = (
  { cancellation, zone, heldUntil, ...appointment }: Appointment,
  isStaff: boolean,
): AppointmentResponse => ({
  id: appointment.id,
  version: appointment.version,
  status: appointment.status,
  patientId: appointment.patientId,
  practitionerId: appointment.practitionerId,
  appointmentTypeId: appointment.appointmentTypeId,
  placeId: appointment.placeId,
  start: inZone(appointment.start, zone),
  end: inZone(appointment.end, zone),
  zone,
  mode: appointment.mode,
  heldUntil: heldUntil && appointment.status === 'pending' ? inZone(heldUntil, zone) : undefined,
  overbooking: isStaff ? appointment.overbooking : undefined,
  reason: appointment.reason,
  cancellation: cancellation && { ...cancellation, at: inZone(cancellation.at, zone) },
  createdAt: inZone(appointment.createdAt, zone),
});

export const toSlotResponse = (slot: FoundSlot): SlotResponse => ({
  start: inZone(slot.start, slot.zone),
  end: inZone(slot.end, slot.zone),
  practitionerId: slot.practitionerId,
  appointmentTypeId: slot.appointmentTypeId,
  placeId: slot.placeId,
  zone: slot.zone,
  seatsLeft: slot.seatsLeft,
});

/** @param isStaff others do not learn which appointment is in the way */
export const toSlotRefusal = (refusal: Refusal, zone: string, isStaff: boolean): SlotRefusal => ({
  code: refusal.code,
  message: messageOf(refusal),
  from: refusal.from === undefined ? undefined : inZone(refusal.from, zone),
  until: refusal.until === undefined ? undefined : inZone(refusal.until, zone),
  appointmentId: isStaff ? refusal.appointmentId : undefined,
});

export const toScheduleResponse = (schedule: Schedule): ScheduleResponse => schedule;

export const toRules = (rules: TypeRulesDto): TypeRules => ({ ...usualRules, ...rules });

export const toResourceResponse = ({ number: _, ...resource }: Resource): ResourceResponse => resource;
