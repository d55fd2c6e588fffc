export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** Minutes by which clocks of an IANA zone are ahead of UTC. */
export function offsetOf(zone: string, ms: number): number {
  // Clocks change at a quarter of an hour of UTC, everywhere.
  const quarter = Math.floor(ms / (15 * minuteMs));
  const key = `${zone} ${quarter}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  if (known.size > 100_000) known.clear();
  known.set(key, offset);
  return offset;
}

/** When a day begins there. @param day days since 1970-01-01 on that calendar */
export function midnight(day: number, zone: string): number {
  const guess = day * dayMs - offsetOf(zone, day * dayMs) * minuteMs;
  return day * dayMs - offsetOf(zone, guess) * minuteMs;
}

/** Which day it is there, in days since 1970-01-01. */
export const dayAt = (ms: number, zone: string): number => Math.floor((ms + offsetOf(zone, ms) * minuteMs) / dayMs);

/** RFC 3339, to the second, with the offset of that place. */
export function written(ms: number, zone: string): string {
  const offset = offsetOf(zone, ms);
  const local = new Date(ms + offset * minuteMs).toISOString().slice(0, 19);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}
