import type { Principal } from '@cabinet/kit/access/principal';
import type { AbsencePreview, Fate } from '../../domain/absences/absence-preview.js';
import type { AbsenceResult } from '../../domain/absences/make-absent.js';
import { maySee } from '../../domain/booking/access.js';
import { inZone } from '../../domain/time/time.js';
import { type AppointmentResponse, toAppointmentResponse } from '../booking/appointment.dto.js';
import type { Instant, Reason, Uuid } from '../common.dto.js';
import type { AbsenceDto } from '../schedule/schedule.dto.js';

export interface AbsencePlanRequest extends AbsenceDto {
  /** Move each appointment to the first free slot behind the absence, and cancel those for whom there is none; or cancel all. */
  action: 'move' | 'cancel';
  /**
   * How many days behind the absence a slot is looked for; 28 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 92
   */
  withinDays?: number;
}

export interface AbsenceRequest extends AbsencePlanRequest {
  /**
   * Of the preview that is to be done, which was asked for with the same words.
   * @minLength 1
   * @maxLength 40000
   */
  token: string;
  /** Why, for those whose appointment is cancelled. */
  reason: Reason;
}

export interface TouchedAppointment {
  appointment: AppointmentResponse;
  becomes: Fate['becomes'];
  /** Where it moves. */
  newStart?: Instant;
  newEnd?: Instant;
  newPlaceId?: Uuid;
}

export interface AbsencePreviewResponse {
  /** In order of start. */
  touched: TouchedAppointment[];
  /** Send it along to do exactly this. */
  token: string;
}

export interface AbsenceResponse {
  /** Of the schedule, in which the absence now is. */
  scheduleVersion: number;
  /** As they are now, in order of their old start. */
  appointments: AppointmentResponse[];
}

/** @param actor sees of it what they may see of appointments at all */
export const toAbsenceResponse = ({ schedule, appointments }: AbsenceResult, actor: Principal): AbsenceResponse => ({
  scheduleVersion: schedule.version,
  appointments: appointments.filter((each) => maySee(actor, each)).map((each) => toAppointmentResponse(each, actor)),
});

export const toAbsencePreview = ({ fates, token }: AbsencePreview, actor: Principal): AbsencePreviewResponse => ({
  touched: fates
    .filter(({ appointment }) => maySee(actor, appointment))
    .map(({ appointment, becomes, slot }) => ({
      appointment: toAppointmentResponse(appointment, actor),
      becomes,
      newStart: slot && inZone(slot.start, slot.zone),
      newEnd: slot && inZone(slot.end, slot.zone),
      newPlaceId: slot?.placeId,
    })),
  token,
});
