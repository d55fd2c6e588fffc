import type { Counts } from '../domain/decisions/count-decisions.js';
import type { CalendarDate, ChannelDto, Instant } from './common.dto.js';
import type { FailureDto, HoldDto, ReasonDto, StateDto } from './notification.dto.js';

export interface NotificationCountDto {
  /** On which they were due, by the clock of the practice. */
  day: CalendarDate;
  channel: ChannelDto;
  state: StateDto;
  /** Of `suppressed`, `held` and `failed`: why. Of `planned`: why it did not leave when it was tried. */
  why?: ReasonDto | HoldDto | FailureDto['class'];
  /**
   * @isInt
   * @minimum 1
   */
  count: number;
}

export interface OverdueDto {
  /**
   * Messages that are due and have not left.
   * @isInt
   */
  count: number;
  /** Since when the oldest of them is due; absent: none is. */
  since?: Instant;
}

export interface NotificationFigures {
  /**
   * IANA, of the practice.
   * @example "Europe/Paris"
   */
  zone: string;
  /** In the order of days; what there is none of is left out. */
  items: NotificationCountDto[];
  overdue: OverdueDto;
}

export const toNotificationFigures = ({ items, overdue }: Counts, zone: string): NotificationFigures => ({
  zone,
  items,
  overdue: { count: overdue.count, since: overdue.since?.toISOString() },
});
