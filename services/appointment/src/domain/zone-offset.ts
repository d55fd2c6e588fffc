import { IANAZone } from 'luxon';

const day = 24 * 60 * 60_000;
const daysKeptMax = 20_000;

// Asking the runtime for an offset is slow (it formats a date), and thousands are asked for in one slot search. No zone
// changes its clocks twice within a day, so a day that begins and ends with one offset has it throughout.
const offsetOfDay = new Map<string, number | undefined>();

/** Minutes that the clocks of `zone` are ahead of UTC at an instant (milliseconds since the epoch). */
export function offsetAt(ms: number, zone: string): number {
  const dayStart = Math.floor(ms / day) * day;
  const key = `${zone} ${dayStart}`;
  let offset = offsetOfDay.get(key);
  if (offset === undefined && !offsetOfDay.has(key)) {
    const rules = IANAZone.create(zone);
    const [first, last] = [rules.offset(dayStart), rules.offset(dayStart + day)];
    offset = first === last ? first : undefined;
    if (offsetOfDay.size >= daysKeptMax) offsetOfDay.clear();
    offsetOfDay.set(key, offset);
  }
  return offset ?? IANAZone.create(zone).offset(ms);
}
