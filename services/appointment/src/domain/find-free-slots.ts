import type { Clock } from '@cabinet/kit';
import { availabilityAt, type Facts, freeSlots, type Slot, type Verdict } from './availability.js';
import { refusal } from './errors.js';
import type { Agenda, GatherFacts } from './gather-facts.js';
import type { Interval } from './intervals.js';
import type { Neighbours, PractitionerFacts } from './ports.js';
import { day } from './time.js';

/** Longest range that one search covers, in days. */
export const searchDaysMax = 92;

/** Up to so many slots of each agenda are looked for near before far. */
const fewMax = 10;

/** A slot, and whose agenda and which of the types it is of. */
export interface FoundSlot extends Slot {
  practitionerId: string;
  appointmentTypeId: string;
}

export interface SlotSearch {
  agendas: Agenda[];
  range: Interval;
  audience: Facts['audience'];
  /** Slots of one agenda at most: 1 gives the first of each. */
  eachMax?: number;
  placeId?: string;
}

export class FindFreeSlots {
  constructor(
    private readonly facts: GatherFacts,
    private readonly neighbours: Neighbours,
    private readonly clock: Clock,
  ) {}

  /** Free slots of all the agendas, in order of time, then of practitioner. */
  async search({ agendas, range, audience, eachMax = Infinity, placeId }: SlotSearch): Promise<FoundSlot[]> {
    if (range.end - range.start > searchDaysMax * day) {
      throw refusal('SLOT.RANGE_TOO_LONG', 'to', `must be within ${searchDaysMax} days of from`);
    }
    // A few are most often found soon; what is taken later is then asked for only where they are not.
    const enough: FoundSlot[] = [];
    let open = agendas;
    let until = eachMax <= fewMax ? range.start + day : range.end;
    for (;;) {
      const part = { start: range.start, end: Math.min(until, range.end) };
      const facts = await this.facts.about(open, part, audience);
      const found = facts.map((each) => firstOf(each, part, eachMax, placeId));
      const isDone = (nth: number) => part.end === range.end || (found[nth]?.length ?? 0) >= eachMax;
      enough.push(...found.filter((_, nth) => isDone(nth)).flat());
      open = open.filter((_, nth) => !isDone(nth));
      if (open.length === 0) return agendas.length > 1 ? enough.sort(byTime) : enough;
      until = range.start + (until - range.start) * 3;
    }
  }

  /** Whether an appointment can start at a time, or all that is in its way. */
  async explain(agenda: Agenda, start: number, audience: Facts['audience']): Promise<Verdict> {
    const [facts] = await this.facts.about([agenda], { start, end: start + day }, audience);
    return availabilityAt(start, facts as Facts);
  }

  /** The next free slots from a time on, of four weeks. */
  async next(agenda: Agenda, from: number, audience: Facts['audience'], slotsMax = 5): Promise<FoundSlot[]> {
    const after = Math.max(from, this.clock.now().getTime());
    return this.search({
      agendas: [agenda],
      range: { start: after, end: after + 28 * day },
      audience,
      eachMax: slotsMax,
    });
  }

  /** @throws 422 for a practitioner who is unknown or no longer receives */
  async receivingPractitioner(practitionerId: string): Promise<PractitionerFacts> {
    const practitioner = await this.neighbours.practitioner(practitionerId);
    if (!practitioner)
      throw refusal('APPOINTMENT.PRACTITIONER_UNKNOWN', 'practitionerId', 'is not a known practitioner');
    if (!practitioner.active) {
      throw refusal('APPOINTMENT.PRACTITIONER_INACTIVE', 'practitionerId', 'is a practitioner who no longer receives');
    }
    return practitioner;
  }
}

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
