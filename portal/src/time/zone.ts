/** Times as the practice's clock shows them. Every function takes an instant (RFC 3339) and the zone of the place. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once each: to make one takes longer than to use it a hundred times, and a list of free times uses thousands. */
function formatIn(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format;
}

const parts = (instant: number, zone: string) =>
  formatIn('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);

const wall = (instant: number, zone: string): Record<string, string> =>
  Object.fromEntries(parts(instant, zone).map(({ type, value }) => [type, value]));

/** The date at the place, `2026-11-23`. */
export function dateAt(instant: string | number, zone: string): string {
  const { year, month, day } = wall(new Date(instant).getTime(), zone);
  return `${year}-${month}-${day}`;
}

/** Minutes since midnight by the clock at the place. */
export function minutesAt(instant: string, zone: string): number {
  const { hour, minute } = wall(new Date(instant).getTime(), zone);
  return Number(hour) * 60 + Number(minute);
}

/** The time by the clock at the place, as fields have it: `09:30`. */
export function clockAt(instant: string, zone: string): string {
  const { hour, minute } = wall(new Date(instant).getTime(), zone);
  return `${hour}:${minute}`;
}

const hourMs = 3_600_000;

/** Whether the clock shows this time twice, in the night in which it is put back. */
export function isShownTwice(instant: string, zone: string): boolean {
  const at = new Date(instant).getTime();
  const shows = (time: number) => dateAt(time, zone) + minutesAt(new Date(time).toISOString(), zone);
  return [at - hourMs, at + hourMs].some((other) => shows(other) === shows(at));
}

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
  new Intl.DateTimeFormat(language, {
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

/** Whether somebody who looks at their own clock there would come at another time. */
export function isElsewhere(instant: string, zone: string): boolean {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return minutesAt(instant, zone) !== minutesAt(instant, own) || dateAt(instant, zone) !== dateAt(instant, own);
}

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
  const shown = (at: number) => {
    const { year, month, day, hour, minute } = wall(at, zone);
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  };
  const offsets = [wanted - 24 * hourMs, wanted + 24 * hourMs].map((at) => shown(at) - at);
  const exact = offsets.map((offset) => wanted - offset).filter((at) => shown(at) === wanted);
  const first = exact.length > 0 ? Math.min(...exact) : wanted - (offsets[0] as number);
  const offsetOfLike = like && shown(Date.parse(like)) - Date.parse(like);
  return new Date(exact.find((at) => wanted - at === offsetOfLike) ?? first).toISOString();
}
