import type { Plan } from '../domain/policies/plan.js';
import type { PolicyVersion } from '../domain/policies/policy.js';
import type { ChosenChannelDto, Instant, Uuid } from './common.dto.js';
import type { KindDto, ReasonDto } from './notification.dto.js';

/**
 * A time on the clock of the practice.
 * @pattern ^([01]\d|2[0-3]):[0-5]\d$
 * @example "10:00"
 */
export type ClockTime = string;

/**
 * @isInt
 * @minimum 0
 * @maximum 1440
 * @example 10
 */
export type Minutes = number;

export interface ChannelsDto {
  /** @maxItems 3 */
  channels: ChosenChannelDto[];
}

export interface ChangeRuleDto extends ChannelsDto {
  /** Quiet before anybody is told, so that what is undone meanwhile tells nothing. */
  quietMinutes: Minutes;
}

export interface ReminderRuleDto {
  channel: ChosenChannelDto;
  /**
   * Days before the visit, by the calendar of the practice.
   * @isInt
   * @minimum 0
   * @maximum 60
   * @example 1
   */
  daysBefore: number;
  at: ClockTime;
}

export interface TypeReminderDto {
  /**
   * @minItems 1
   * @maxItems 200
   */
  appointmentTypeIds: Uuid[];
  /** @maxItems 12 */
  reminders: ReminderRuleDto[];
}

/**
 * @isInt
 * @minimum 1
 * @maximum 7
 */
export type Weekday = number;

export interface QuietHoursDto extends ChannelsDto {
  from: ClockTime;
  until: ClockTime;
  /**
   * Days on which nothing leaves at all; 1 is Monday.
   * @maxItems 7
   */
  days: Weekday[];
}

export interface DailyBudgetDto {
  /**
   * @isInt
   * @minimum 0
   * @maximum 10000000
   */
  email: number;
  /**
   * @isInt
   * @minimum 0
   * @maximum 10000000
   */
  sms: number;
  /**
   * @isInt
   * @minimum 0
   * @maximum 10000000
   */
  push: number;
}

export interface AlertRuleDto {
  /**
   * With `email`, which reaches all who are to see alerts.
   * @minItems 1
   * @maxItems 3
   */
  channels: ChosenChannelDto[];
  /**
   * For those of high priority; with `email`.
   * @minItems 1
   * @maxItems 3
   */
  urgentChannels: ChosenChannelDto[];
}

/** What leaves when. */
export interface PolicyDto {
  /** At once. */
  confirmation: ChannelsDto;
  /** Of a visit that was moved or cancelled, also by an absence. */
  change: ChangeRuleDto;
  /** Of a time that is kept for somebody who waits for one: at once, whatever the hour. */
  offer: ChannelsDto;
  /** What the practice asks for. */
  message: ChannelsDto;
  /** Who is to see an alert of a patient, at once, whatever the hour and however much has left already; left out: as is usual. */
  alert?: AlertRuleDto;
  /** @maxItems 12 */
  reminders: ReminderRuleDto[];
  /**
   * Instead of `reminders`, for these types of appointment.
   * @maxItems 50
   */
  byType?: TypeReminderDto[];
  /** Of a visit booked so late that the time of a reminder has passed, the last of its channel leaves so many minutes after. */
  lateMinutes: Minutes;
  /** Several visits of somebody on one day are told by one reminder. */
  mergesVisitsOfOneDay: boolean;
  quietHours: QuietHoursDto;
  /**
   * What anybody gets in a day at most; the rest is held.
   * @isInt
   * @minimum 1
   * @maximum 1000
   */
  recipientDailyMax: number;
  /** What leaves in a day at most; the rest is held until the next. */
  dailyBudget: DailyBudgetDto;
}

export interface PolicyResponse {
  /**
   * How often the practice has set it; also the ETag. 0: it is what is usual.
   * @isInt
   */
  version: number;
  policy: PolicyDto;
  /** User id. */
  setBy?: string;
  setAt?: Instant;
}

export interface PolicyHistory {
  /** The newest first, a hundred at most. */
  items: PolicyResponse[];
}

export interface PolicyPreviewRequest {
  appointmentTypeId: Uuid;
  start: Instant;
  /** When it would be booked; now when it is left out. */
  bookedAt?: Instant;
  /** One that is not in force; left out: the one that is. */
  policy?: PolicyDto;
}

/** A message that an appointment would send to its patient. */
export interface PlannedMessageDto {
  kind: KindDto;
  /** @example "P7D" */
  step: string;
  channel: ChosenChannelDto;
  dueAt: Instant;
  expiresAt: Instant;
  /** Why it would not leave; absent: it would. */
  reason?: ReasonDto;
}

export interface PolicyPreview {
  /** By whose clock it is planned (IANA). */
  zone: string;
  /** In order of time. */
  messages: PlannedMessageDto[];
}

export const toPolicyResponse = ({ setAt, ...its }: PolicyVersion): PolicyResponse => ({
  ...its,
  setAt: setAt?.toISOString(),
});

export const toPlannedMessage = ({ kind, step, channel, dueAt, expiresAt, reason }: Plan): PlannedMessageDto => ({
  kind,
  step,
  channel: channel as ChosenChannelDto,
  dueAt: dueAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  reason,
});
