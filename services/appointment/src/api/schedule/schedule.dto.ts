import { type Mode, type TypeRules, usualRules } from '../../domain/schedule/booking-rules.js';
import type { ScheduleVersion } from '../../domain/schedule/ports.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { DayOfWeek } from '../../domain/time/time.js';
import type { Instant, LocalDate, TimeOfDay, Uuid } from '../common.dto.js';

export interface TimeSpanDto {
  startTime: TimeOfDay;
  /** On the next day when it is before `startTime`, within 16 hours of it. */
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
  /** On the next day when it is before `startTime`, within 16 hours of it; such hours are of the day on which they begin. */
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
  /** On the next day when it is before `startTime`, within 16 hours of it. */
  endTime: TimeOfDay;
}

/** From a date to another (inclusive), 731 days later at most, the practitioner receives nowhere. */
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

export interface ScheduleVersionResponse extends ScheduleResponse {
  /** When it was set; absent of what was set before that was kept. */
  changedAt?: Instant;
  /** The user who set it, likewise. */
  changedBy?: Uuid;
}

export interface ScheduleVersionList {
  /** The newest first: what is in force. */
  items: ScheduleVersionResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toScheduleVersion = ({ changedAt, changedBy, ...schedule }: ScheduleVersion): ScheduleVersionResponse => ({
  ...schedule,
  ...(changedAt && { changedAt: changedAt.toISOString() }),
  ...(changedBy && { changedBy }),
});

export const toScheduleResponse = (schedule: Schedule): ScheduleResponse => schedule;

export const toRules = (rules: TypeRulesDto): TypeRules => ({ ...usualRules, ...rules });
