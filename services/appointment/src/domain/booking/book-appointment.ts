import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import type { DateTime } from 'luxon';
import { availabilityAt, type Facts, modeOf, type Refusal } from '../availability/availability.js';
import type { Agenda, AvailabilityFacts } from '../availability/availability-facts.js';
import type { FindFreeSlots } from '../availability/find-free-slots.js';
import { calendarOf } from '../availability/openings.js';
import { isTaken, NotFree, refusalOf } from '../availability/refusals.js';
import { audienceOf, wardsIn } from '../capacity.js';
import type { Directory } from '../directory.js';
import { assertNotGone, refusal } from '../refusal.js';
import type { BookingRules, Mode } from '../schedule/booking-rules.js';
import type { Interval } from '../time/intervals.js';
import { assertClockShows, minute, parseInstant } from '../time/time.js';
import { assertMayBook, assertMayOverbook, assertMaySee, noteAbout, wordOf } from './access.js';
import type { Appointment } from './appointment.js';
import { PatientBusy, TooManyHolds } from './errors.js';
import { alone, appointmentIn, becomesOf, type PlaceInAgenda, placeOf } from './place-in-agenda.js';
import type { Appointments, Hold, Overlap, PatientTime } from './ports.js';

export interface BookingRequest {
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  /** With its offset, as it was asked for. */
  start: string;
  mode?: Mode;
  reason?: string;
  keptFromGuardians?: boolean;
  overbook?: Overbook;
}

/** Staff take a time whatever is in its way, and say why. */
export interface Overbook {
  reason: string;
  /** Where, when nothing is open then; the practitioner's first place when it is left out. */
  placeId?: string;
}

/** Holds that one patient may have at a time. */
const holdsMax = 3;

/** Of many who take the seats of one group at once, each may have to look again as often as seats go to others. */
const triesMax = 100;

export class BookAppointment {
  constructor(
    private readonly appointments: Appointments,
    private readonly facts: AvailabilityFacts,
    private readonly directory: Directory,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps a slot for a patient for some minutes, in which nobody else can have it; it is booked when it is confirmed.
   * @throws as `book`, and 429 for one hold too many
   */
  async hold(request: BookingRequest, minutes: number, actor: Principal): Promise<Appointment> {
    return this.store(request, actor, new Date(+this.clock.now() + minutes * minute));
  }

  /**
   * Books a slot for a patient, or leaves nothing behind. What a patient books may have to be confirmed by staff.
   * @throws NotAllowed (403) for another's, 422 for what cannot be booked, 409 for what no longer can, with the next free slots, and 503 when the
   *   patient or practitioner service cannot be asked
   */
  book(request: BookingRequest, actor: Principal): Promise<Appointment> {
    return this.store(request, actor);
  }

  private async store(request: BookingRequest, actor: Principal, heldUntil?: Date): Promise<Appointment> {
    assertMayBook(actor, request);
    assertMayOverbook(actor, request, request.overbook);
    const start = parseInstant(request.start, 'start');
    const { patientId, practitionerId, appointmentTypeId, mode, reason, keptFromGuardians = false, overbook } = request;
    noteAbout({ patientId, keptFromGuardians });
    const stored = await storedBefore((id) => this.appointments.find(id));
    if (stored) {
      assertMaySee(actor, stored);
      return stored;
    }
    const practitioner = await this.directory.parties(request);
    const audience = audienceOf(actor, request);
    const agenda = { practitioner, appointmentTypeId, audience, wards: wardsIn(actor, audience) };
    const wanted: Wanted = {
      agenda,
      patientId,
      start,
      mode,
      overbook: overbook && { ...overbook, by: actor.id },
    };
    return this.take(wanted, async ({ mode, ...place }, rules) => {
      const appointment = appointmentIn(place, {
        id: effectOfRequest().id,
        patientId,
        practitionerId,
        appointmentTypeId,
        mode,
        reason,
        keptFromGuardians,
        heldUntil,
        becomes: becomesOf(rules, audience),
        bookedAs: wordOf(actor, request),
        createdAt: this.clock.now(),
        createdBy: actor.id,
      });
      const judge =
        heldUntil && ((holds: Hold[]) => assertHoldsLeft(seenBy(agenda, patientId, holds), appointment.createdAt));
      return (await this.appointments.add(appointment, judge)) === 'stored' ? appointment : 'overlap';
    });
  }

  /**
   * Decides by the rules what is to be stored, and stores it; when the store finds that somebody was faster, looks at
   * what is taken now and decides again.
   * @param store gives back what it stored
   */
  async take<T extends object>(
    wanted: Wanted,
    store: (place: PlaceInAgenda & { mode: Mode }, rules: BookingRules) => Promise<T | Overlap>,
  ): Promise<T> {
    const start = wholeMinute(wanted.start);
    const range = { start, end: start };
    let facts = await this.facts.forBooking(wanted.agenda, range);
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const place = await this.decide(wanted, start, facts);
      const stored = await store(place, facts.type.rules);
      if (stored !== 'overlap') return stored;
      const released = this.appointments.releaseExpired(this.clock.now());
      const [gone] = await Promise.all([this.appointments.goneAs(wanted.patientId), released]);
      assertNotGone(gone);
      facts = await this.facts.load(wanted.agenda, range);
      await this.decide(wanted, start, facts);
      const visit = { start, end: start + facts.type.minutes * minute };
      if ((await this.visitsWithin(visit, wanted)).length > 0) throw new PatientBusy();
    }
    throw await this.notFree({ code: 'APPOINTMENT.SLOT_TAKEN' }, wanted, start);
  }

  /** Other visits of the patient, as far as who books sees them: of what else is in the way it is said that it is taken. */
  private async visitsWithin(visit: Interval, { agenda, patientId }: Wanted): Promise<PatientTime[]> {
    const taken = (await this.appointments.takenOf([patientId], visit, this.clock.now())).get(patientId) ?? [];
    return seenBy(agenda, patientId, taken).filter(({ appointmentId }) => appointmentId !== agenda.moving?.id);
  }

  /** The time as it would be stored. @throws 422, or 409 when it was taken */
  private async decide(wanted: Wanted, start: number, facts: Facts): Promise<PlaceInAgenda & { mode: Mode }> {
    const { slot, refusals } = availabilityAt(start, facts);
    const zone = slot?.zone ?? facts.places[0]?.zone;
    if (zone) assertClockShows(wanted.start, zone, 'start');
    const [first] = refusals ?? [];
    const mode = wanted.agenda.moving ? wanted.mode : modeOf(facts.type, wanted.mode);
    if (!mode) throw refusal('APPOINTMENT.MODE_NOT_OFFERED', 'mode', 'is not one in which this type is offered');
    if (slot) return { mode, ...placeOf(slot) };
    if (wanted.overbook && first?.code !== 'APPOINTMENT.IN_THE_PAST') {
      return { mode, ...forcedPlace(start, facts, refusals, wanted.overbook) };
    }
    throw first && !isTaken(first) ? refusalOf(first, 'start') : await this.notFree(first as Refusal, wanted, start);
  }

  private async notFree(why: Refusal, wanted: Wanted, start: number): Promise<NotFree> {
    return new NotFree(why, await this.slots.next(wanted.agenda, start));
  }
}

function assertHoldsLeft(holds: Hold[], now: Date): void {
  const [first] = holds;
  if (first && holds.length >= holdsMax) throw new TooManyHolds(Math.ceil((+first.endsAt - +now) / 1_000));
}

/** Without what is kept from whom the agenda is looked at by. */
export const seenBy = <T extends { keptFromGuardians?: boolean }>(
  { wards = [] }: Pick<Agenda, 'wards'>,
  patientId: string,
  things: readonly T[],
): T[] => things.filter(({ keptFromGuardians }) => !(keptFromGuardians && wards.includes(patientId)));

export interface Wanted {
  agenda: Agenda;
  patientId: string;
  start: DateTime;
  mode?: Mode;
  overbook?: Overbook & { by: string };
}

/** Where what is in the way does not count; it takes no seat, no place of the day and no room from others. */
function forcedPlace(
  start: number,
  { places, type, schedule, holidays }: Facts,
  refusals: Refusal[],
  { reason, by, placeId }: Overbook & { by: string },
): PlaceInAgenda {
  const visit = { start, end: start + type.minutes * minute };
  const { openings } = calendarOf(visit, schedule, places, type.id, holidays);
  const open = placeId === undefined ? openings[0] : undefined;
  const place = open
    ? { id: open.placeId, zone: open.zone }
    : places.find(({ id }) => id === (placeId ?? places[0]?.id));
  if (!place)
    throw refusal('APPOINTMENT.OUTSIDE_WORKING_HOURS', 'overbook.placeId', 'is not a place of this practitioner');
  return {
    ...alone,
    placeId: place.id,
    zone: place.zone,
    start: new Date(visit.start),
    end: new Date(visit.end),
    overbooking: { reason, by, over: [...new Set(refusals.map(({ code }) => code))] },
  };
}

/** @throws 422 for a time that is not on a whole minute */
export function wholeMinute(start: DateTime): number {
  const ms = start.toMillis();
  if (ms % minute !== 0) throw refusal('APPOINTMENT.NOT_A_SLOT', 'start', 'must be on a whole minute');
  return ms;
}
