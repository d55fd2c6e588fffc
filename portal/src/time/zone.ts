/** Times as the practice's clock shows them. Every function takes an instant (RFC 3339) and the zone of the place. */

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * How the reader of a language writes dates. English alone says nothing of that: it is as in Europe, the day before the month and
 * twenty-four hours, unless the browser itself speaks American.
 */
const regionOf = (language: string): string => {
  if (language !== 'en') return language;
  return navigator.language === 'en-US' ? 'en-US' : 'en-GB';
};

/** Made once each: to make one takes longer than to use it a hundred times, and a list of free times uses thousands. */
export function formatIn(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const region = regionOf(language);
  const key = region + JSON.stringify(options);
  const format = formats.get(key) ?? formatOf(region, options);
  formats.set(key, format);
  return format;
}

/** In French the first of a month is the only day that is no plain number, which `Intl` does not know: `1er décembre`. */
function formatOf(region: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat(region, options);
  if (!region.startsWith('fr')) return format;
  const { format: plain } = format;
  const value: typeof plain = (at) => plain(at).replace(/(?<!\d)1(?= \p{L})/u, '1er');
  return Object.defineProperty(format, 'format', { value });
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** By how much the clock is ahead of UTC at an instant, to the minute, as the browser knows it. */
function offsetShown(instant: number, zone: string): number {
  const format = formatIn('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const { year, month, day, hour, minute } = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, value]),
  );
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) - Math.floor(instant / minuteMs) * minuteMs;
}

/** By zone and day (UTC); not a number of a day on which the clock is changed. An agenda asks a thousand times of a few days. */
const offsets = new Map<string, number>();

function offsetAt(instant: number, zone: string): number {
  const nth = Math.floor(instant / dayMs);
  const key = `${zone} ${nth}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const [first, last] = [nth * dayMs, (nth + 1) * dayMs - minuteMs].map((at) => offsetShown(at, zone));
    offset = first === last ? (first as number) : Number.NaN;
    offsets.set(key, offset);
  }
  return Number.isNaN(offset) ? offsetShown(instant, zone) : offset;
}

/** What the clock shows, `2026-11-23T09:30`. */
const wall = (instant: number, zone: string): string =>
  new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 16);

/** The date at the place, `2026-11-23`. */
export const dateAt = (instant: string | number, zone: string): string =>
  wall(new Date(instant).getTime(), zone).slice(0, 10);

/** The time by the clock at the place, as fields have it: `09:30`. */
export const clockAt = (instant: string, zone: string): string => wall(Date.parse(instant), zone).slice(11);

/** Minutes since midnight by the clock at the place. */
export function minutesAt(instant: string, zone: string): number {
  const [hours, minutes] = clockAt(instant, zone).split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
}

/** Whether the clock shows this time twice, in the night in which it is put back. */
export function isShownTwice(instant: string, zone: string): boolean {
  const at = Date.parse(instant);
  return [at - hourMs, at + hourMs].some((other) => wall(other, zone) === wall(at, zone));
}

/** Whether it is the second time that the clock shows this, in that night. */
export const isSecondTime = (instant: string, zone: string): boolean => {
  const at = Date.parse(instant);
  return wall(at - hourMs, zone) === wall(at, zone);
};

/** Whether the clock at a place never shows a time on a date, in the night in which it is put forward. */
export const isSkipped = (date: string, time: string, zone: string): boolean =>
  clockAt(instantAt(date, time, zone), zone) !== time;

/** `09:30`; in the night in which the clock is put back with the name of its time: `02:30 CET`. */
export function timeAt(instant: string, zone: string, language: string): string {
  return formatIn(language, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isShownTwice(instant, zone) && { timeZoneName: 'short' }),
  }).format(new Date(instant));
}

/** `Monday 23 November 2026`. */
export const dayAt = (instant: string, zone: string, language: string): string =>
  formatIn(language, { timeZone: zone, dateStyle: 'full' }).format(new Date(instant));

/** `23 Nov 2026, 09:30`. */
export const momentAt = (instant: string, zone: string, language: string): string =>
  formatIn(language, {
    timeZone: zone,
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(new Date(instant));

/** A date that is no instant, such as a birth date, in words. */
export const dateInWords = (date: string, language: string, dateStyle: 'full' | 'long' | 'medium' = 'long'): string =>
  formatIn(language, { timeZone: 'UTC', dateStyle }).format(new Date(`${date}T00:00:00Z`));

/** `Mon 30 Nov`. */
export const shortDateInWords = (date: string, language: string): string =>
  formatIn(language, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** How a zone is called: `Central European Time`, `heure de La Réunion`. */
export function zoneInWords(instant: string, zone: string, language: string): string {
  const named = formatIn(language, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(new Date(instant));
  return named.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** Whether somebody who looks at their own clock there would come at another time. */
export function isElsewhere(instant: string, zone: string): boolean {
  return isOtherClock(instant, zone, ownZone());
}

/** Whether the clocks at two places show another time or day. */
export const isOtherClock = (instant: string, zone: string, other: string): boolean =>
  zone !== other &&
  (minutesAt(instant, zone) !== minutesAt(instant, other) || dateAt(instant, zone) !== dateAt(instant, other));

/** Of the clock that is in front of the reader. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The date some days after another. */
export function daysAfter(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whole years since a birth date, on a date. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/**
 * The instant at which the clock at a place shows a time on a date. Of a time that it shows twice, the first, or the one of the
 * summer or winter time that `like` is of; one that it skips is taken as the time that it shows instead.
 */
export function instantAt(date: string, time: string, zone: string, like?: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const shown = (at: number) => at + offsetAt(at, zone);
  const nearby = [wanted - dayMs, wanted + dayMs].map((at) => offsetAt(at, zone));
  const exact = nearby.map((offset) => wanted - offset).filter((at) => shown(at) === wanted);
  const first = exact.length > 0 ? Math.min(...exact) : wanted - (nearby[0] as number);
  const offsetOfLike = like && offsetAt(Date.parse(like), zone);
  return new Date(exact.find((at) => wanted - at === offsetOfLike) ?? first).toISOString();
}
