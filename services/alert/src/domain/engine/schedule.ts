import { DateTime } from 'luxon';
import { daysOfWeek, type RuleDocument } from './rule.js';

type Schedule = NonNullable<RuleDocument['schedule']>;
type Times = Schedule['times'][number];

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const isAcrossMidnight = ({ from, until }: Times): boolean => minutesOf(until) <= minutesOf(from);

/** Whether an instant is in the times of a schedule, on the clock of the place: an hour that comes twice is in them twice. */
export function isWatched(schedule: Schedule | undefined, at: number, usualZone: string): boolean {
  if (!schedule) return true;
  const local = DateTime.fromMillis(at, { zone: schedule.zone ?? usualZone });
  const today = daysOfWeek[local.weekday - 1];
  const yesterday = daysOfWeek[(local.weekday + 5) % 7];
  const minute = local.hour * 60 + local.minute;
  const isOn = (days: Times['days'], day: string | undefined) => days.some((each) => each === day);
  return schedule.times.some((times) => {
    const isAfterFrom = minute >= minutesOf(times.from);
    const isBeforeUntil = minute < minutesOf(times.until);
    if (!isAcrossMidnight(times)) return isOn(times.days, today) && isAfterFrom && isBeforeUntil;
    return (isOn(times.days, today) && isAfterFrom) || (isOn(times.days, yesterday) && isBeforeUntil);
  });
}

/** The first instant from one on that is watched; a time that the clocks skip begins when they have skipped it. */
export function watchedFrom(schedule: Schedule | undefined, at: number, usualZone: string): number {
  if (!schedule || isWatched(schedule, at, usualZone)) return at;
  const day = DateTime.fromMillis(at, { zone: schedule.zone ?? usualZone }).startOf('day');
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const date = day.plus({ days: ahead });
    const begins = schedule.times
      .filter(({ days }) => days.some((each) => each === daysOfWeek[date.weekday - 1]))
      .map(({ from }) => beginOn(date, from, (instant) => isWatched(schedule, instant, usualZone)))
      .filter((begin) => begin > at);
    if (begins.length > 0) return Math.min(...begins);
  }
  throw new Error('a schedule without times');
}

const minuteMs = 60_000;

function beginOn(date: DateTime, from: string, isOn: (at: number) => boolean): number {
  const begin = date.set({ hour: Number(from.slice(0, 2)), minute: Number(from.slice(3)) });
  if (begin.hour * 60 + begin.minute === minutesOf(from)) return begin.toMillis();
  // The clocks skip that time, by two hours at most anywhere.
  let at = begin.minus({ hours: 2 }).toMillis();
  while (at < begin.toMillis() && !isOn(at)) at += minuteMs;
  return at;
}
