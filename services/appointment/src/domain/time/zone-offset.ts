import { IANAZone } from 'luxon';

const day = 24 * 60 * 60_000;
const daysKeptMax = 2_000;

// Asking the runtime for an offset is slow (it formats a date), and thousands are asked for in one slot search. No zone
// changes its clocks twice within a day, so a day that begins and ends with one offset has it throughout.
const offsetsOfDays = new Map<string, Map<number, number | 'changes'>>();

/** Minutes that the clocks of `zone` are ahead of UTC at an instant (milliseconds since the epoch). */
export function offsetAt(ms: number, zone: string): number {
  const days = daysOf(zone);
  const start = Math.floor(ms / day);
  let offset = days.get(start);
  if (offset === undefined) {
    const rules = IANAZone.create(zone);
    const [first, last] = [rules.offset(start * day), rules.offset((start + 1) * day)];
    offset = first === last ? first : 'changes';
    if (days.size >= daysKeptMax) days.clear();
    days.set(start, offset);
  }
  return offset === 'changes' ? IANAZone.create(zone).offset(ms) : offset;
}

function daysOf(zone: string): Map<number, number | 'changes'> {
  const known = offsetsOfDays.get(zone);
  if (known) return known;
  const days = new Map<number, number | 'changes'>();
  offsetsOfDays.set(zone, days);
  return days;
}
