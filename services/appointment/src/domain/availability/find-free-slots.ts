import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { stopIfAbandoned } from '@cabinet/kit/http/request-context';
import type { PractitionerFacts } from '../neighbours.js';
import { refusal } from '../refusal.js';
import type { Interval } from '../time/intervals.js';
import { type Bound, beginningOf, day, endOf, hour } from '../time/time.js';
import { availabilityAt, type Facts, freeSlots, type Slot, type Verdict } from './availability.js';
import type { Agenda, AvailabilityFacts } from './availability-facts.js';

/** Longest range that one search covers, in days. */
export const searchDaysMax = 92;

/** Up to so many slots of each agenda are looked for near before far, in these parts of the range. */
const fewMax = 10;
const partsInDays = [1, 3, 9, 27, 81, searchDaysMax];

/** A slot, and whose agenda and which of the types it is of. */
export interface FoundSlot extends Slot {
  practitionerId: string;
  appointmentTypeId: string;
}

export interface SlotSearch {
  agendas: Agenda[];
  from: Bound;
  /** A day is meant to its end. */
  to: Bound;
  /** Where the search goes on. */
  after?: number;
  /** Slots of one agenda at most: 1 gives the first of each. */
  eachMax?: number;
  placeId?: string;
}

export class FindFreeSlots {
  constructor(
    private readonly facts: AvailabilityFacts,
    private readonly clock: Clock,
  ) {}

  /** Free slots of all the agendas, in order of time, then of practitioner. */
  async search({
    agendas,
    from,
    to,
    after = -Infinity,
    eachMax = Infinity,
    placeId,
  }: SlotSearch): Promise<FoundSlot[]> {
    const byZone = Map.groupBy(agendas, ({ practitioner }) => zoneOf(practitioner, placeId));
    const found = await Promise.all(
      [...byZone].map(([zone, each]) => {
        const range = { start: beginningOf(from, zone), end: endOf(to, zone) };
        if (range.end <= range.start) throw invalidField('to', 'END_BEFORE_START', 'must be after from');
        // Days of which one is an hour longer are no more of them.
        if (range.end - range.start > searchDaysMax * day + hour) {
          throw refusal('SLOT.RANGE_TOO_LONG', 'to', `must be within ${searchDaysMax} days of from`);
        }
        return this.within({ ...range, start: Math.max(range.start, after) }, each, eachMax, placeId);
      }),
    );
    return found.length === 1 ? (found[0] as FoundSlot[]) : found.flat().sort(byTime);
  }

  private async within(range: Interval, agendas: Agenda[], eachMax: number, placeId?: string): Promise<FoundSlot[]> {
    // A few are most often found soon; what is taken later is then asked for only where they are not.
    const enough: FoundSlot[] = [];
    let open = agendas;
    for (const days of eachMax <= fewMax ? partsInDays : [searchDaysMax]) {
      stopIfAbandoned();
      const end = range.start + days * day;
      const isLast = days === searchDaysMax || end >= range.end;
      const part = isLast ? range : { start: range.start, end };
      const facts = await this.facts.loadAll(open, part);
      const found = facts.map((each) => firstOf(each, part, eachMax, placeId));
      const isDone = (nth: number) => isLast || (found[nth]?.length ?? 0) >= eachMax;
      enough.push(...found.filter((_, nth) => isDone(nth)).flat());
      open = open.filter((_, nth) => !isDone(nth));
      if (open.length === 0) break;
    }
    return agendas.length > 1 ? enough.sort(byTime) : enough;
  }

  /** Whether an appointment can start at a time, or all that is in its way. */
  async explain(agenda: Agenda, start: number): Promise<Verdict> {
    const facts = await this.facts.load(agenda, { start, end: start + day });
    return availabilityAt(start, facts);
  }

  /** The next free slots from a time on, of four weeks. */
  async next(agenda: Agenda, from: number, slotsMax = 5): Promise<FoundSlot[]> {
    const after = Math.max(from, this.clock.now().getTime());
    return this.within({ start: after, end: after + 28 * day }, [agenda], slotsMax);
  }
}

/** By whose clock a day is meant. */
const zoneOf = ({ places }: PractitionerFacts, placeId?: string): string =>
  (places.find(({ id }) => id === placeId) ?? places[0])?.zone ?? 'UTC';

function firstOf(facts: Facts, range: Interval, slotsMax: number, placeId?: string): FoundSlot[] {
  const found: FoundSlot[] = [];
  for (const slot of freeSlots(facts, range)) {
    if (placeId !== undefined && slot.placeId !== placeId) continue;
    found.push(Object.assign(slot, { practitionerId: facts.practitionerId, appointmentTypeId: facts.type.id }));
    if (found.length >= slotsMax) break;
  }
  return found;
}

const byTime = (a: FoundSlot, b: FoundSlot): number =>
  a.start - b.start || (a.practitionerId < b.practitionerId ? -1 : 1);
