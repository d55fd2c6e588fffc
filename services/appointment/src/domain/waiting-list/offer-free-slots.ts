import type { Clock } from '@cabinet/kit/clock';
import { DomainError } from '@cabinet/kit/errors';
import { type Facts, freeSlots, modeOf } from '../availability/availability.js';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import { type FoundSlot, searchDaysMax } from '../availability/find-free-slots.js';
import { appointmentIn, becomesOf, placeOf } from '../booking/place-in-agenda.js';
import type { Appointments } from '../booking/ports.js';
import type { Directory } from '../directory.js';
import type { PractitionerFacts } from '../neighbours.js';
import { rulesFor } from '../schedule/booking-rules.js';
import type { Schedules } from '../schedule/ports.js';
import type { Interval } from '../time/intervals.js';
import { day } from '../time/time.js';
import type { WaitingList } from './ports.js';
import { type Candidate, nextOffer, type PlannedOffer, type Waiting } from './waiting.js';

/** When another process makes an offer at the same time, one of the two looks again; the same that is not stored twice holds up nobody. */
const triesMax = 2;

/** Offers what is free to those who wait for it, whatever has made it free. */
export class OfferFreeSlots {
  constructor(
    private readonly waiting: WaitingList,
    private readonly appointments: Appointments,
    private readonly schedules: Schedules,
    private readonly facts: AvailabilityFacts,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * One round: closes offers that have ended, and makes those that can be made. All that it goes by is stored, so it may be
   * broken off anywhere and run by several processes at once.
   * @throws the first failure, after all practitioners have had their turn
   */
  async round(): Promise<void> {
    const now = this.clock.now();
    if (!(await this.waiting.isAnybodyThere())) return;
    await this.appointments.releaseExpired(now);
    await this.waiting.settle(now);
    const failures: unknown[] = [];
    for (const practitionerId of await this.waiting.wantedPractitioners()) {
      await this.offerSlotsOf(practitionerId).catch((failure) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async offerSlotsOf(practitionerId: string): Promise<void> {
    const practitioner = await this.receiving(practitionerId);
    if (!practitioner) return;
    const failures = new Map<string, number>();
    const neverStored = new Set<string>();
    const isTried = ({ waiting }: { waiting: Waiting }) => !neverStored.has(waiting.id);
    for (;;) {
      const planned = await this.plan(practitioner, isTried);
      if (!planned) return;
      if ((await this.make(planned)) !== 'overlap') continue;
      const { waiting, slot } = planned;
      const same = [waiting.id, waiting.version, slot.start].join();
      const times = (failures.get(same) ?? 0) + 1;
      failures.set(same, times);
      if (times === triesMax) neverStored.add(waiting.id);
    }
  }

  /** Undefined for one who no longer receives. */
  private async receiving(practitionerId: string): Promise<PractitionerFacts | undefined> {
    try {
      return await this.directory.receivingPractitioner(practitionerId);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'invalid') return undefined;
      throw error;
    }
  }

  private async plan(
    practitioner: PractitionerFacts,
    isTried: (each: Omit<Candidate, 'busy'>) => boolean,
  ): Promise<PlannedOffer | undefined> {
    const now = this.clock.now().getTime();
    const inOrder = (await this.waiting.inOrder(practitioner.id)).filter(isTried);
    const range = rangeOf(
      inOrder.filter(({ waiting }) => waiting.status === 'waitlist'),
      now,
    );
    if (range.end <= range.start) return undefined;
    const patientIds = [...new Set(inOrder.map(({ waiting }) => waiting.patientId))];
    const busy = await this.appointments.takenOf(patientIds, range, this.clock.now());
    const candidates = inOrder.map((each) => ({ ...each, busy: busy.get(each.waiting.patientId) ?? [] }));
    return nextOffer(await this.slotsFor(practitioner, candidates, range), candidates, now);
  }

  /** What patients may book, and of types that only the practice books what the practice may. */
  private async slotsFor(
    practitioner: PractitionerFacts,
    candidates: Candidate[],
    range: Interval,
  ): Promise<Iterable<FoundSlot>> {
    const wanted = new Set(candidates.flatMap(({ waiting }) => waiting.wants.map((each) => each.appointmentTypeId)));
    const types = practitioner.appointmentTypes.filter(({ id }) => wanted.has(id));
    const each = await Promise.all(types.map(({ id }) => this.factsOf(practitioner, id, range)));
    const [only] = each;
    // Of one type they are looked for as they are asked for: the first may do.
    if (each.length === 1 && only) return slotsOf(only, range);
    return each.flatMap((facts) => [...slotsOf(facts, range)]).sort((a, b) => a.start - b.start);
  }

  private async factsOf(practitioner: PractitionerFacts, appointmentTypeId: string, range: Interval): Promise<Facts> {
    const { rules } = await this.schedules.get(practitioner.id);
    const audience = rulesFor(appointmentTypeId, rules).bookableBy;
    return this.facts.load({ practitioner, appointmentTypeId, audience }, range);
  }

  private async make({ slot, waiting, endsAt, passedOver }: PlannedOffer) {
    const now = this.clock.now();
    const { rules } = await this.schedules.get(slot.practitionerId);
    const { appointmentTypeId, practitionerId } = slot;
    const type = { id: appointmentTypeId, minutes: 0, rules: rulesFor(appointmentTypeId, rules) };
    const hold = appointmentIn(placeOf(slot), {
      patientId: waiting.patientId,
      practitionerId,
      appointmentTypeId,
      mode: modeOf(type) ?? 'in-person',
      heldUntil: new Date(endsAt),
      reason: waiting.reason,
      keptFromGuardians: waiting.keptFromGuardians,
      becomes: becomesOf(type.rules, 'patients'),
      bookedAs: 'practitioner',
      createdAt: now,
      createdBy: waiting.createdBy,
    });
    const offer = { appointmentId: hold.id, waitingId: waiting.id, status: 'open' as const, offeredAt: now };
    return this.waiting.offer(waiting, { ...offer, endsAt: new Date(endsAt), passedOver }, hold);
  }
}

function* slotsOf(facts: Facts, range: Interval): Generator<FoundSlot> {
  for (const slot of freeSlots(facts, range)) {
    yield { ...slot, practitionerId: facts.practitionerId, appointmentTypeId: facts.type.id };
  }
}

/** Days in which anybody wants something, with what zones make of them. */
function rangeOf(candidates: readonly { waiting: { fromDate: string; untilDate: string } }[], now: number): Interval {
  const from = Math.min(...candidates.map(({ waiting }) => Date.parse(waiting.fromDate) - day));
  const until = Math.max(...candidates.map(({ waiting }) => Date.parse(waiting.untilDate) + 2 * day));
  return { start: Math.max(now, from), end: Math.min(until, now + searchDaysMax * day) };
}
