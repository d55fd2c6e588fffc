import { withoutHidden } from '@cabinet/access/policy';
import type { Principal } from '@cabinet/kit/access/principal';
import { hiddenFrom } from '../../domain/booking/access.js';
import type { Appointment, CancellationCode } from '../../domain/booking/appointment.js';
import type { AppointmentStatus } from '../../domain/booking/status.js';
import type { Mode } from '../../domain/schedule/booking-rules.js';
import { inZone } from '../../domain/time/time.js';
import type { Instant, Reason, Uuid } from '../common.dto.js';

export interface AppointmentRequest {
  patientId: Uuid;
  practitionerId: Uuid;
  /** One of the practitioner's appointment types; it gives the length. */
  appointmentTypeId: Uuid;
  /** The start of a free slot. */
  start: Instant;
  /** One of the type's modes; the first of them when it is left out. */
  mode?: Mode;
  /** Why the patient comes; read by the patient, guardians who read their record, the practitioner, and whoever wrote it. */
  reason?: Reason;
  /** True for what a minor keeps from their guardians; for the patient, the practitioner and secretaries to say. */
  keptFromGuardians?: boolean;
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
  /** The start of a free slot of the same practitioner, or of the one in `agenda`. */
  start: Instant;
  /** For staff, as in a booking. */
  overbook?: OverbookDto;
  /** For staff: of somebody else, who takes the appointment over; it leaves its series. The same practitioner when it is left out. */
  agenda?: OtherAgendaDto;
}

export interface OtherAgendaDto {
  practitionerId: Uuid;
  /** One of that practitioner's appointment types, offered in the mode of the appointment, which keeps its length. */
  appointmentTypeId: Uuid;
}

export interface KeepRequest {
  /** True: to the guardians of its patient it no longer exists. False: it is for them to see and to change as well. */
  keptFromGuardians: boolean;
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

export interface DelayResponse {
  /** About so many after its start. */
  minutes: number;
  /** When they said so. */
  at: Instant;
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
  /** When the patient came, once that was recorded. */
  arrivedAt?: Instant;
  /** When the patient, or who acts for them, said that they come. */
  acceptedAt?: Instant;
  /** They say that they come late. */
  delay?: DelayResponse;
  /** Why the patient comes; for the patient, guardians who read their record, the practitioner, and whoever wrote it. */
  reason?: string;
  /** A minor's secret, for those who keep it; absent: it is none. */
  keptFromGuardians?: boolean;
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

export interface CareRelation {
  patientId: Uuid;
  practitionerId: Uuid;
  /**
   * True when a visit took place within the last two years, or one is booked that the patient or a secretary booked,
   * confirmed or moved. What a practitioner alone has booked is none.
   */
  exists: boolean;
  /** True when each of these visits is kept from the patient's guardians: so is what the practitioner does by them. */
  keptFromGuardians: boolean;
}

/** The appointment as the actor may read it: what is for staff, and why anything was done, is not for everybody. */
export function toAppointmentResponse(
  appointment: Appointment,
  actor: Principal,
  videoLink?: string,
): AppointmentResponse {
  const { cancellation, corrections, overbooking, zone, heldUntil } = appointment;
  const forReader = <T extends { reason: string; by: string }>(said: T) => ({
    ...said,
    reason: hiddenFrom(actor, appointment, said.by).includes('reason') ? undefined : said.reason,
  });
  const response = {
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
    overbooking: overbooking && forReader(overbooking),
    seriesId: appointment.seriesId,
    occurrence: appointment.occurrence && inZone(appointment.occurrence, zone),
    calendarCheck: appointment.calendarCheck?.state,
    arrivedAt: appointment.arrivedAt && inZone(appointment.arrivedAt, zone),
    acceptedAt: appointment.acceptedAt && inZone(appointment.acceptedAt, zone),
    delay: appointment.delay && { ...appointment.delay, at: inZone(appointment.delay.at, zone) },
    reason: appointment.reason,
    keptFromGuardians: appointment.keptFromGuardians || undefined,
    cancellation: cancellation && { ...forReader(cancellation), at: inZone(cancellation.at, zone) },
    corrections: corrections?.map((each) => ({ ...forReader(each), at: inZone(each.at, zone) })),
    createdAt: inZone(appointment.createdAt, zone),
  };
  return withoutHidden(response, hiddenFrom(actor, appointment, appointment.createdBy));
}
