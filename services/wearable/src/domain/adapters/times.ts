import { DateTime } from 'luxon';
import type { Flag } from '../reading.js';
import { readZone } from '../zones.js';

interface ReadTime {
  /** RFC 3339 with offset; undefined when it is no time. */
  at?: string;
  flags?: Flag[];
}

/** As far as any clock is ahead of UTC or behind it, which is what Java takes too. */
const offsetSecondsMax = 18 * 3_600;

/**
 * `2026-11-20T08:00:00+01:00[Europe/Paris]`. Luxon remembers each zone that it was asked for, and whatever it took for one: of what a
 * file says it is asked for those alone that there are.
 */
function namesNoZone(iso: string): boolean {
  const name = /\[([^\]]*)\]/.exec(iso)?.[1];
  return name !== undefined && readZone(name) !== name;
}

const hasOffset = /(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * A time as a source writes it: with a blank for T, an offset without colon, or without an offset, as the clocks of the zone showed
 * it. What they showed twice is the first time of the two, and flagged.
 */
export function readLocal(written: string | undefined, zone: string): ReadTime {
  if (written === undefined) return {};
  const iso = written
    .trim()
    .replace(/^(\d{4}-\d{2}-\d{2}) +/, '$1T')
    .replace(/ +(?=[+-]\d{2}:?\d{2}$)/, '')
    .replace(/([+-]\d{2})(\d{2})$/, (whole, hours, minutes) =>
      /T/.test(written) || / /.test(written) ? `${hours}:${minutes}` : whole,
    );
  if (hasOffset.test(iso) && iso.includes('T')) return { at: iso };
  if (namesNoZone(iso)) return { at: written };
  const local = DateTime.fromISO(iso, { zone });
  if (!local.isValid || !iso.includes('T')) return { at: written };
  // Which of two times it would give by itself depends on today.
  const [first = local, second] = local.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis());
  return {
    at: first.toISO({ suppressMilliseconds: true }) ?? undefined,
    flags: second ? ['ambiguous-time'] : undefined,
  };
}

/** An instant, with the offset that the clocks of the zone had then. */
export function instantIn(ms: number | undefined, zone: string): string | undefined {
  if (ms === undefined || !Number.isFinite(ms)) return undefined;
  return DateTime.fromMillis(ms, { zone }).toISO({ suppressMilliseconds: true }) ?? undefined;
}

/** An instant in UTC, written with an offset of so many seconds. */
export function atOffset(instant: string | undefined, offsetSeconds: number | undefined): string | undefined {
  if (instant === undefined || offsetSeconds === undefined) return instant;
  if (Math.abs(offsetSeconds) > offsetSecondsMax || namesNoZone(instant)) return instant;
  const time = DateTime.fromISO(instant, { zone: 'utc' }).setZone(`UTC${signed(offsetSeconds)}`);
  return time.isValid ? (time.toISO({ suppressMilliseconds: true }) ?? instant) : instant;
}

function signed(seconds: number): string {
  const minutes = Math.abs(Math.round(seconds / 60));
  return `${seconds < 0 ? '-' : '+'}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
