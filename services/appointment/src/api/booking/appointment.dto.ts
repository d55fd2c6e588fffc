import type { Principal } from '@cabinet/kit/access/principal';
import { isStaffOf, maySeeReason } from '../../domain/access.js';
import type { Refusal } from '../../domain/availability/availability.js';
import type { FoundSlot } from '../../domain/availability/find-free-slots.js';
import type { Appointment, AppointmentStatus, CancellationCode } from '../../domain/booking/appointment.js';
import { messageOf } from '../../domain/errors.js';
import type { Mode } from '../../domain/schedule/booking-rules.js';
import { inZone } from '../../domain/time/time.js';

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
 * A time with offset (RFC 3339), or a date, which is that whole day on the calendar of the place.
 * @maxLength 40
 * @example "2026-11-23"
 */
export type InstantOrDate = string;

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
  /** Why the patient comes; read by the patient, the practitioner, and whoever wrote it. */
  reason?: Reason;
  /** For staff: take the time whatever is in its way. Nobody can be in two places, and nothing is booked in the past. */
  overbook?: OverbookDto;
}

export interface OverbookDto {
  /** Read by the practitioner and whoever wrote it. */
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

export interface ReopenRequest {
  /**
   * What was wrong; read by the patient, the practitioner, and whoever wrote it.
   * @example "Marked on the wrong line"
   */
  reason: Reason;
}

export interface CancelRequest {
  /**
   * Read by the patient, the practitioner, and whoever wrote it; what others need to know is in `code`.
   * @example "The patient called: no longer needed"
   */
  reason: Reason;
  /** FHIR R4: the patient, who has died, the provider, maintenance, medicine incomplete, other. */
  code?: CancellationCode;
}

export interface CancellationResponse {
  /** For the patient, the practitioner, and whoever wrote it. */
  reason?: string;
  code?: CancellationCode;
  /** True when it came later than patients may cancel; absent: it did not. */
  isLate?: boolean;
  at: Instant;
  /** User id. */
  by: string;
}

/** What was recorded and taken back. */
export interface CorrectionResponse {
  /** The status that was wrong. */
  from: AppointmentStatus;
  /** For the patient, the practitioner, and whoever wrote it. */
  reason?: string;
  at: Instant;
  /** User id. */
  by: string;
}

export interface OverbookingResponse {
  /** For the practitioner and whoever wrote it. */
  reason?: string;
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
  /**
   * Where it takes place by video, as long as it is ahead.
   * @example "https://video.example/room"
   */
  videoLink?: string;
  /** Of a hold: nobody else can have the time until then, and it ends then unless it is confirmed. */
  heldUntil?: Instant;
  /** Who forced it, and over what; for staff. */
  overbooking?: OverbookingResponse;
  seriesId?: Uuid;
  /** Of a series: when the series has it. It starts at another time when it was moved alone. */
  occurrence?: Instant;
  /**
   * It was booked while an external calendar of the practitioner could not be read: `awaited` until it can be, then
   * `conflicting` when that has taken the time; for staff.
   */
  calendarCheck?: 'awaited' | 'conflicting';
  /** Why the patient comes; for the patient, the practitioner, and whoever wrote it. */
  reason?: string;
  cancellation?: CancellationResponse;
  /** The first one in front. */
  corrections?: CorrectionResponse[];
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
  /**
   * An external calendar of the practitioner could not be read lately and may have taken it: `warn`, it is booked all the
   * same; `tentative`, a booking is pending until the calendar could be read.
   */
  doubt?: 'warn' | 'tentative';
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

export interface CareRelation {
  patientId: Uuid;
  practitionerId: Uuid;
  /**
   * True when a visit took place within the last two years, or one is booked that the patient or a secretary booked,
   * confirmed or moved. What a practitioner alone has booked is none.
   */
  exists: boolean;
}

/** The appointment as the actor may read it: what is for staff, and why anything was done, is not for everybody. */
export function toAppointmentResponse(
  appointment: Appointment,
  actor: Principal,
  videoLink?: string,
): AppointmentResponse {
  const { cancellation, corrections, overbooking, zone, heldUntil } = appointment;
  const isStaff = isStaffOf(actor, appointment);
  const forReader = <T extends { reason: string; by: string }>(said: T) => ({
    ...said,
    reason: maySeeReason(actor, appointment, said.by) ? said.reason : undefined,
  });
  return {
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
    videoLink,
    heldUntil: heldUntil && appointment.status === 'pending' ? inZone(heldUntil, zone) : undefined,
    overbooking: isStaff && overbooking ? forReader(overbooking) : undefined,
    seriesId: appointment.seriesId,
    occurrence: appointment.occurrence && inZone(appointment.occurrence, zone),
    calendarCheck: isStaff ? appointment.calendarCheck?.state : undefined,
    reason: maySeeReason(actor, appointment, appointment.createdBy) ? appointment.reason : undefined,
    cancellation: cancellation && { ...forReader(cancellation), at: inZone(cancellation.at, zone) },
    corrections: corrections?.map((each) => ({ ...forReader(each), at: inZone(each.at, zone) })),
    createdAt: inZone(appointment.createdAt, zone),
  };
}

export const toSlotResponse = (slot: FoundSlot): SlotResponse => ({
  start: inZone(slot.start, slot.zone),
  end: inZone(slot.end, slot.zone),
  practitionerId: slot.practitionerId,
  appointmentTypeId: slot.appointmentTypeId,
  placeId: slot.placeId,
  zone: slot.zone,
  seatsLeft: slot.seatsLeft,
  doubt: slot.doubt,
});

/** @param isStaff others do not learn which appointment is in the way */
export const toSlotRefusal = (refusal: Refusal, zone: string, isStaff: boolean): SlotRefusal => ({
  code: refusal.code,
  message: messageOf(refusal),
  from: refusal.from === undefined ? undefined : inZone(refusal.from, zone),
  until: refusal.until === undefined ? undefined : inZone(refusal.until, zone),
  appointmentId: isStaff ? refusal.appointmentId : undefined,
});
