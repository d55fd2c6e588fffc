import { dateAt, daysAfter, instantAt, minutesAt } from './zone.ts';

/** Appointments of a series, and days from its first to its last, at most: as the service has it. */
const [occurrencesMax, daysMax] = [104, 731];

/** How a series goes on from its first appointment. */
export interface Repetition {
  everyWeeks: number;
  /** How many there are, those included that are left out later; or the last date on which there may be one. */
  end: { count: number } | { until: string };
}

/** An appointment that there would be. */
export interface Occurrence {
  date: string;
  start: string;
}

/** As many as are possible at most. */
export const countMaxOf = (everyWeeks: number): number =>
  Math.min(occurrencesMax, Math.floor(daysMax / (7 * everyWeeks)) + 1);

/** The last date that a series may have. */
export const untilMaxOf = (start: string, zone: string): string => daysAfter(dateAt(start, zone), daysMax);

/** The rule as the service takes it (RFC 5545). */
export const ruleOf = ({ everyWeeks, end }: Repetition): string =>
  `FREQ=WEEKLY;INTERVAL=${everyWeeks};${'count' in end ? `COUNT=${end.count}` : `UNTIL=${end.until.replaceAll('-', '')}`}`;

/** What a rule says, as far as it is one that is made here. */
export function repetitionOf(rule: string): Repetition | undefined {
  const found = /^FREQ=WEEKLY(?:;INTERVAL=(\d+))?;(?:COUNT=(\d+)|UNTIL=(\d{4})(\d{2})(\d{2}))$/.exec(rule);
  if (!found) return undefined;
  const [, weeks = '1', count, year, month, day] = found;
  return { everyWeeks: Number(weeks), end: count ? { count: Number(count) } : { until: `${year}-${month}-${day}` } };
}

/** All that there would be, at the same time of day by the clock of the place, whatever the clocks do in between. */
export function occurrencesOf(start: string, zone: string, { everyWeeks, end }: Repetition): Occurrence[] {
  const first = dateAt(start, zone);
  const minutes = minutesAt(start, zone);
  const time = [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, '0')).join(':');
  const dates = Array.from({ length: countMaxOf(everyWeeks) }, (_, nth) => daysAfter(first, nth * 7 * everyWeeks));
  return dates
    .filter((date, nth) => ('count' in end ? nth < end.count : date <= end.until))
    .map((date) => ({ date, start: date === first ? start : instantAt(date, time, zone) }));
}
