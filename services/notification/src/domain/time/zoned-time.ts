import { IANAZone } from 'luxon';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Minutes that the clocks of `zone` are ahead of UTC at an instant. */
const offsetAt = (ms: number, zone: string): number => IANAZone.create(zone).offset(ms);

export const isZone = (zone: string): boolean => IANAZone.isValidZone(zone);

/** `09:30` is 570, `24:00` the end of the day. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/**
 * The instant at which the clocks of `zone` come to the wall-clock time `time` of `date`. A time that occurs twice is the first of the
 * two; a time that is skipped is the moment at which the clocks jump over it.
 * @param date ISO date, `2026-03-29`
 * @param time `HH:mm`
 */
export function instantOf(date: string, time: string, zone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutesOf(time) * minute;
  const [before, after] = [offsetAt(wall - day, zone), offsetAt(wall + day, zone)];
  const candidates = [wall - before * minute, wall - after * minute].sort((a, b) => a - b) as [number, number];
  const shown = candidates.find((ms) => ms + offsetAt(ms, zone) * minute === wall);
  return shown ?? changeBetween(candidates[0], candidates[1], zone);
}

/** The change of offset between two instants, to the minute (as all changes since 1972 are). */
function changeBetween(from: number, to: number, zone: string): number {
  const old = offsetAt(from, zone);
  let [low, high] = [from, to];
  while (high - low > minute) {
    const middle = low + Math.floor((high - low) / minute / 2) * minute;
    if (offsetAt(middle, zone) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** The ISO date that the clocks of `zone` show. */
export const dateIn = (ms: number, zone: string): string =>
  new Date(ms + offsetAt(ms, zone) * minute).toISOString().slice(0, 10);

/** Minutes of the day that the clocks of `zone` show. */
export const clockMinutes = (ms: number, zone: string): number => {
  const wall = new Date(ms + offsetAt(ms, zone) * minute);
  return wall.getUTCHours() * 60 + wall.getUTCMinutes();
};

/** The date so many days later, or earlier: 1 after `2026-12-31` is `2027-01-01`. */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);

/** 1 is Monday, 7 Sunday (ISO 8601). */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
