import type { Resource } from './resource.js';
import type { HolidayCalendar, Schedule } from './schedule.js';

/** Who changed a schedule, and when. */
export interface ChangedBy {
  userId: string;
  at: Date;
}

/** What was set; by whom and when is not known of what was set before that was kept. */
export interface ScheduleVersion extends Schedule {
  changedBy?: string;
  changedAt?: Date;
}

export interface Schedules {
  /** The practitioner's schedule; version 0 and nothing in it when none was set. */
  get(practitionerId: string): Promise<Schedule>;
  /** @throws 412 unless the stored version is still the given one; the stored one is then one higher */
  save(schedule: Schedule, by: ChangedBy): Promise<Schedule>;
  /** The newest first, those before the version `before`. */
  versions(practitionerId: string, page: { before?: number; limit: number }): Promise<ScheduleVersion[]>;
}

export interface Resources {
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
