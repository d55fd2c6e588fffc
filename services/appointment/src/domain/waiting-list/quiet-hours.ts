import { clockMinutes, dateIn, daysAfter, instantOf, minute, minutesOf } from '../time/time.js';

/** On the clock of the place: nobody is offered anything in between, and no offer ends. */
export const quietFrom = '21:00';
export const quietUntil = '08:00';
/** How long an offer stands, quiet hours not counted. */
export const offerMinutes = 60;
/** An offer ends so long before the appointment at the latest, */
const leadMinutes = 30;
/** and is not made when that leaves less than this. */
export const answerMinutesMin = 15;

/**
 * When an offer that is made now ends.
 * @returns undefined when none is to be made: at night, or too shortly before the appointment or the night before it
 */
export function answerTime(now: number, start: number, zone: string): number | undefined {
  if (isNight(now, zone)) return undefined;
  const end = dayBefore(Math.min(afterWaking(now, offerMinutes * minute, zone), start - leadMinutes * minute), zone);
  return end - now >= answerMinutesMin * minute ? end : undefined;
}

const isNight = (instant: number, zone: string): boolean => {
  const minutes = clockMinutes(instant, zone);
  return minutes >= minutesOf(quietFrom) || minutes < minutesOf(quietUntil);
};

/** The instant at which so much time outside quiet hours has passed. */
function afterWaking(now: number, length: number, zone: string): number {
  const date = dateIn(now, zone);
  const evening = instantOf(date, quietFrom, zone);
  if (now + length <= evening) return now + length;
  return instantOf(daysAfter(date, 1), quietUntil, zone) + length - (evening - now);
}

/** The instant itself, or the evening before when it is in the quiet hours. */
function dayBefore(instant: number, zone: string): number {
  const date = dateIn(instant, zone);
  const evening = instantOf(date, quietFrom, zone);
  if (instant > evening) return evening;
  return instant < instantOf(date, quietUntil, zone) ? instantOf(daysAfter(date, -1), quietFrom, zone) : instant;
}
