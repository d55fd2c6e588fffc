import type { Appointment, AppointmentStatus } from '../domain/appointment.js';
import type { Slot } from '../domain/free-slots.js';
import type { Schedule } from '../domain/ports.js';
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
  /** Why the patient comes, seen by the people of this appointment only. */
  reason?: Reason;
}

export interface MoveRequest {
  /** The start of a free slot of the same practitioner. */
  start: Instant;
}

export interface CancelRequest {
  /** @example "The patient called: no longer needed" */
  reason: Reason;
}

export interface CancellationResponse {
  reason: string;
  at: Instant;
  /** User id. */
  by: string;
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
  placeId: Uuid;
  /**
   * IANA zone of the place.
   * @example "Europe/Paris"
   */
  zone: string;
}

export interface SlotList {
  items: SlotResponse[];
  nextCursor?: string;
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
}

export interface ScheduleRequest {
  /** @maxItems 100 */
  hours: WorkingHoursDto[];
}

export interface ScheduleResponse {
  practitionerId: Uuid;
  /** 0 while no hours have been set; also the ETag. */
  version: number;
  hours: WorkingHoursDto[];
}

export interface CareRelation {
  patientId: Uuid;
  practitionerId: Uuid;
  /** True when they have or had an appointment that was neither cancelled nor missed. */
  exists: boolean;
}

export const toAppointmentResponse = ({ cancellation, zone, ...appointment }: Appointment): AppointmentResponse => ({
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
  reason: appointment.reason,
  cancellation: cancellation && { reason: cancellation.reason, at: inZone(cancellation.at, zone), by: cancellation.by },
  createdAt: inZone(appointment.createdAt, zone),
});

export const toSlotResponse = (practitionerId: string, { start, end, placeId, zone }: Slot): SlotResponse => ({
  start: inZone(start, zone),
  end: inZone(end, zone),
  practitionerId,
  placeId,
  zone,
});

export const toScheduleResponse = ({ practitionerId, version, hours }: Schedule): ScheduleResponse => ({
  practitionerId,
  version,
  hours,
});
