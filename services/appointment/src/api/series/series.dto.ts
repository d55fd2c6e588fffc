import type { Principal } from '@cabinet/kit/access/principal';
import type { Refusal } from '../../domain/availability/availability.js';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { Audience } from '../../domain/capacity.js';
import type { Mode } from '../../domain/schedule/booking-rules.js';
import { toImpossibleOccurrence } from '../../domain/series/errors.js';
import type { SeriesState } from '../../domain/series/find-series.js';
import type { Impossible } from '../../domain/series/judge-series.js';
import { type AppointmentResponse, toAppointmentResponse } from '../booking/appointment.dto.js';
import type { Instant, LocalDate, Reason, Uuid } from '../common.dto.js';

export interface SeriesRequest {
  patientId: Uuid;
  practitionerId: Uuid;
  /** One of the practitioner's appointment types; it gives the length. */
  appointmentTypeId: Uuid;
  /** The first occurrence; all others are at the same time of day, whatever the clocks do. */
  start: Instant;
  /**
   * RFC 5545 RRULE of days, weeks, months or years with an end, `COUNT` or `UNTIL`: 104 occurrences within 731 days at most.
   * Of the other parts, `INTERVAL`, `BYDAY`, `BYMONTHDAY`, `BYMONTH`, `BYSETPOS` and `WKST`.
   * @minLength 1
   * @maxLength 300
   * @example "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10"
   */
  rule: string;
  /**
   * Dates of the rule that are left out.
   * @maxItems 104
   */
  exceptDates?: LocalDate[];
  /** One of the type's modes; the first of them when it is left out. */
  mode?: Mode;
  /** Why the patient comes, seen by the people of these appointments only. */
  reason?: Reason;
  /** As in a booking, for each of them. */
  keptFromGuardians?: boolean;
  /** Book what is possible and report the rest. When it is left out, nothing is booked unless all is possible. */
  skipImpossible?: boolean;
}

export interface OccurrenceRefusal {
  /** As in the refusal of a single booking. */
  code: Refusal['code'];
  /** @example "is on a public holiday: Noël" */
  message: string;
  /** The appointment that is in the way; for staff only, and not where a minor keeps it from them as a guardian. */
  appointmentId?: Uuid;
}

export interface ImpossibleOccurrence {
  /**
   * On the clock of the place.
   * @example "2026-12-25T09:30"
   */
  local: string;
  /** Everything in the way, what a single booking would be refused for in front. */
  reasons: OccurrenceRefusal[];
}

export interface SeriesResponse {
  id: Uuid;
  /** @example "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10" */
  rule: string;
  /**
   * The first date and the time of day, on the clock of the place.
   * @example "2026-11-23T09:30"
   */
  startsAt: string;
  /**
   * IANA zone of the place.
   * @example "Europe/Paris"
   */
  zone: string;
  exceptDates: LocalDate[];
  /** In order of start, whatever has become of them. */
  appointments: AppointmentResponse[];
  /** A minor's secret: all of them are; absent: one at least is none. */
  keptFromGuardians?: boolean;
}

export interface BookedSeries extends SeriesResponse {
  /** What was skipped. */
  impossible: ImpossibleOccurrence[];
}

export interface AppointmentsOfSeries {
  /** In order of start. */
  appointments: AppointmentResponse[];
}

export const toSeriesResponse = (
  { series, appointments: all }: SeriesState,
  appointments: AppointmentsOfSeries,
): SeriesResponse => ({
  id: series.id,
  rule: series.rule,
  startsAt: series.startsAt,
  zone: series.zone,
  exceptDates: series.exceptDates,
  keptFromGuardians: all.every(({ keptFromGuardians }) => keptFromGuardians) || undefined,
  ...appointments,
});

/** @param videoLinks of each, in their order */
export const toAppointments = (
  appointments: Appointment[],
  videoLinks: (string | undefined)[],
  actor: Principal,
): AppointmentsOfSeries => ({
  appointments: appointments.map((each, nth) => toAppointmentResponse(each, actor, videoLinks[nth])),
});

export const toImpossible = (impossible: Impossible[], audience: Audience, actor: Principal): ImpossibleOccurrence[] =>
  impossible.map((each) => toImpossibleOccurrence(each, audience, actor));
