import ICAL from 'ical.js';
import { day } from '../../domain/time.js';
import { utcClock, type WallClock } from './wall-clock.js';

/** A property as jCal has it (RFC 7265): its name, its parameters, the type of its values, and these. */
export type JcalProperty = [name: string, parameters: Record<string, string>, type: string, ...values: unknown[]];
export type JcalComponent = [name: string, properties: JcalProperty[], components: JcalComponent[]];

/** A time as a calendar says it: by which clock, and whether it is a whole day. */
export interface IcsTime {
  wall: number;
  isDate: boolean;
  clock: WallClock;
}

/** Thrown for a value that is none; it concerns one event only. */
export class UnreadableEvent extends Error {}

const written = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(Z)?)?$/;

/** @throws UnreadableEvent for a time that no calendar and no clock has */
export function readTime(text: unknown, clock: WallClock): IcsTime {
  const parts = typeof text === 'string' ? written.exec(text) : null;
  if (!parts) throw new UnreadableEvent();
  const [year, month, date, hours, minutes, seconds] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year as number, (month as number) - 1, date, hours, minutes, Math.min(seconds as number, 59));
  const isoDate = new Date(wall).toISOString().slice(0, 10);
  if (isoDate !== (text as string).slice(0, 10) || year === undefined || year < 1900 || year > 2200) {
    throw new UnreadableEvent();
  }
  return { wall, isDate: parts[4] === undefined, clock: parts[7] ? utcClock : clock };
}

export const instantOfTime = ({ wall, clock }: IcsTime): number => clock.instantOf(wall);

/** @returns days, which are longer and shorter with the clocks, and milliseconds, which are not */
export function readDuration(text: unknown): { days: number; ms: number } {
  if (typeof text !== 'string' || !/^[+-]?P/.test(text)) throw new UnreadableEvent();
  const { weeks, days, hours, minutes, seconds, isNegative } = ICAL.Duration.fromString(text);
  if (isNegative) throw new UnreadableEvent();
  return { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1_000 };
}

/** The end of what begins at a time and lasts. */
export const after = ({ wall, clock }: IcsTime, { days, ms }: { days: number; ms: number }): number =>
  clock.instantOf(wall + days * day) + ms;

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** The RRULE again as text, with its end on the wall clock of the event: it may be written in UTC. */
export function ruleText(rule: Record<string, unknown>, start: IcsTime): string {
  const parts = Object.entries(rule).map(([name, value]) => {
    if (name === 'wkst') return `WKST=${weekdays[Number(value) - 1]}`;
    if (name === 'until') return `UNTIL=${compact(lastStart(value, start))}`;
    return `${name.toUpperCase()}=${Array.isArray(value) ? value.join(',') : value}`;
  });
  return parts.join(';');
}

function lastStart(until: unknown, start: IcsTime): number {
  const time = readTime(until, start.clock);
  if (time.isDate) return time.wall + day - 1_000;
  return time.clock === start.clock ? time.wall : start.clock.wallOf(instantOfTime(time));
}

/** `20261123T090000Z`: a wall-clock time as if it were UTC, so that repetitions are counted on the wall. */
export const compact = (wall: number): string => `${new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
