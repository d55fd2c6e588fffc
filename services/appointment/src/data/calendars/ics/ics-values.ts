import { day } from '../../../domain/time/time.js';
import type { IcsProperty } from './ics-lines.js';
import { utcClock, type WallClock } from './wall-clock.js';

/** A time as a calendar says it: by which clock, and whether it is a whole day. */
export interface IcsTime {
  wall: number;
  isDate: boolean;
  clock: WallClock;
}

/** What is meant where a value does not say it. */
export interface Clocks {
  times: WallClock;
  /** A date is the day of whoever keeps the calendar, wherever its times are from (RFC 5545, section 3.2.19). */
  dates: WallClock;
}

/** How long something lasts: days, which are longer and shorter with the clocks, and milliseconds, which are not. */
export interface Lasting {
  days: number;
  ms: number;
}

/** Thrown for a value that is none; it concerns one event only. */
export class Unreadable extends Error {}

const written = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$/i;

/** @throws Unreadable for a time that no calendar and no clock has */
export function readTime(text: string, { times, dates }: Clocks): IcsTime {
  const parts = written.exec(text.trim());
  if (!parts) throw new Unreadable();
  const [year = 0, month = 1, date, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const isDate = parts[4] === undefined;
  const wall = Date.UTC(year, month - 1, date, hours, minutes, Math.min(seconds, 59));
  const isReal =
    compact(wall).slice(0, 13) === `${parts[1]}${parts[2]}${parts[3]}T${parts[4] ?? '00'}${parts[5] ?? '00'}`;
  if (!isReal || seconds > 60 || year < 1900 || year > 2200) throw new Unreadable();
  return { wall, isDate, clock: isDate ? dates : parts[7] ? utcClock : times };
}

/** All values of a property that may have many; a comma too many has none behind it. */
export const valuesOf = ({ value }: IcsProperty): string[] => value.split(',').filter((each) => each.trim() !== '');

export const instantOfTime = ({ wall, clock }: IcsTime): number => clock.instantOf(wall);

const dayOf = (wall: number): number => Math.floor(wall / day) * day;

/** A time that names one of a series, or adds one, as the series itself has its times: days, or times of a day. */
export function inFormOf(series: IcsTime, time: IcsTime): IcsTime {
  if (time.isDate === series.isDate) return time;
  if (time.isDate) return { wall: time.wall + series.wall - dayOf(series.wall), isDate: false, clock: series.clock };
  const wall = series.clock.wallOf(instantOfTime(time));
  // Midnight, where the series is at home or as it is written.
  return { wall: wall === dayOf(wall) ? wall : dayOf(time.wall), isDate: true, clock: series.clock };
}

const lasting = /^\+?P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/i;

/** @throws Unreadable also for parts of an hour and for what ends before it begins, which RFC 5545 does not have */
export function readDuration(text: string): Lasting {
  const parts = lasting.exec(text.trim());
  if (!parts) throw new Unreadable();
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1_000 };
}

/** The end of what begins at a time and lasts. */
export const after = ({ wall, clock }: IcsTime, { days, ms }: Lasting): number =>
  clock.instantOf(wall + days * day) + ms;

/** `20261123T090000Z`: a wall-clock time as if it were UTC, so that repetitions are counted on the wall. */
export const compact = (wall: number): string => `${new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
