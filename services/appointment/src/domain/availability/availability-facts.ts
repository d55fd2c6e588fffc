import type { Clock } from '@cabinet/kit/clock';
import type { PractitionerFacts } from '../neighbours.js';
import { refusal } from '../refusal.js';
import {
  type BookingRules,
  bufferMinutesMax,
  dependsOnTaken,
  rulesFor,
  usualRules,
} from '../schedule/booking-rules.js';
import type { PublicHolidays, Resources, Schedules } from '../schedule/ports.js';
import type { Schedule } from '../schedule/schedule.js';
import { type Interval, Occupied } from '../time/intervals.js';
import { longestDay, minute } from '../time/time.js';
import type { AppointmentType, Facts, ResourceFacts, Taken } from './availability.js';
import { noExternalTime } from './external-time.js';
import type { Holidays } from './openings.js';
import type { Agendas, KeptTime } from './ports.js';

/** A practitioner's agenda for one type of appointment: what a question about free times is about. */
export interface Agenda {
  practitioner: PractitionerFacts;
  appointmentTypeId: string;
  /** By whose rules it is looked at. */
  audience: Facts['audience'];
  /** An appointment that is to move: its time is not in its own way, and it keeps its length. */
  moving?: { id: string; start: Date; end: Date };
  /** Ids of others that move with it. */
  alsoMoving?: string[];
  /** Patients whose guardian looks: the time of what they keep from guardians is taken, in every agenda. */
  wards?: readonly string[];
}

/** Loads what availability is computed from. */
export class AvailabilityFacts {
  constructor(
    private readonly agendas: Agendas,
    private readonly schedules: Schedules,
    private readonly resources: Resources,
    private readonly holidays: PublicHolidays,
    private readonly clock: Clock,
  ) {}

  async load(agenda: Agenda, range: Interval): Promise<Facts> {
    return (await this.loadAll([agenda], range))[0] as Facts;
  }

  /** Those of each agenda within the range, in their order. */
  async loadAll(agendas: Agenda[], range: Interval): Promise<Facts[]> {
    const now = this.clock.now();
    const around = reachedFrom(range, agendas);
    const takenWithin = (reach: Interval) =>
      Promise.all(
        agendas.map(({ practitioner: { id } }) => this.agendas.taken({ practitionerId: id, range: reach, now })),
      );
    const wards = [...new Set(agendas.flatMap((agenda) => agenda.wards ?? []))];
    const [plans, near, kept] = await Promise.all([
      Promise.all(agendas.map((agenda) => this.plan(agenda, wholeDays(range), now))),
      takenWithin(around),
      wards.length > 0 ? this.agendas.keptBy(wards, around, now) : [],
    ]);
    // A daily maximum is of whole days; few have one, and all others would pay for the look.
    const isOfDays = plans.some(({ type }) => type.rules.dailyMax !== undefined);
    const taken = isOfDays ? await takenWithin(wholeDays(around)) : near;
    const moving = new Set(agendas.flatMap((agenda) => [agenda.moving?.id, ...(agenda.alsoMoving ?? [])]));
    const resources = await this.resourcesFor(plans, around, now, moving);
    return plans.map((facts, nth) => ({
      ...facts,
      taken: new Occupied(withKept(taken[nth] ?? [], kept).filter(({ appointmentId }) => !moving.has(appointmentId))),
      resources: resources.filter(({ id }) => facts.type.rules.needs.some(({ anyOf }) => anyOf.includes(id))),
    }));
  }

  /**
   * The facts without what is taken, when the store can tell that while it stores: it alone decides then, and a
   * booking costs no look.
   */
  async forBooking(agenda: Agenda, range: Interval): Promise<Facts> {
    const plan = await this.plan(agenda, wholeDays(range), this.clock.now());
    if (!dependsOnTaken(plan.type.rules) && !agenda.wards?.length) return plan;
    return this.load(agenda, range);
  }

  /** How appointments of this practitioner and type are booked, moved and cancelled. */
  async rulesOf({
    practitionerId,
    appointmentTypeId,
  }: {
    practitionerId: string;
    appointmentTypeId: string;
  }): Promise<BookingRules> {
    return rulesFor(appointmentTypeId, (await this.schedules.get(practitionerId)).rules);
  }

  /** The facts for taking over what another system has booked, whenever that was and however closely. */
  async forImport(agenda: Agenda, range: Interval): Promise<Facts> {
    const plan = await this.plan(agenda, range, new Date(0));
    const { capacity, modes } = plan.type.rules;
    return {
      ...plan,
      now: -Infinity,
      external: noExternalTime,
      type: { ...plan.type, rules: { ...usualRules, capacity, modes } },
    };
  }

  private async plan(agenda: Agenda, range: Interval, now: Date): Promise<Facts> {
    const { practitioner, audience } = agenda;
    const { schedule, external } = await this.agendas.plan({ practitionerId: practitioner.id, range, now });
    return {
      now: now.getTime(),
      audience,
      practitionerId: practitioner.id,
      places: practitioner.places,
      schedule,
      type: typeOf(agenda, schedule),
      holidays: await this.holidaysOf(schedule, range),
      taken: nothingTaken,
      external,
      resources: [],
    };
  }

  private async holidaysOf({ holidays }: Schedule, range: Interval): Promise<Holidays> {
    if (holidays.length === 0) return noHolidays;
    const [first, last] = [range.start, range.end].map((instant) => new Date(instant).getUTCFullYear()) as [
      number,
      number,
    ];
    const years = Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
    const kept = await Promise.all(
      holidays.map(async (calendar) => {
        const found = await Promise.all(years.map((year) => this.holidays.of(calendar, year)));
        return [calendar.placeId, new Map(found.flatMap((each) => [...(each ?? [])]))] as const;
      }),
    );
    return new Map(kept);
  }

  private async resourcesFor(
    plans: Facts[],
    range: Interval,
    now: Date,
    moving: ReadonlySet<string | undefined>,
  ): Promise<ResourceFacts[]> {
    const ids = new Set(plans.flatMap(({ type }) => type.rules.needs.flatMap(({ anyOf }) => anyOf)));
    if (ids.size === 0) return [];
    const resources = (await this.resources.named([...ids])).filter(({ active }) => active);
    const uses = await this.agendas.resourcesTaken(
      resources.map(({ number }) => number),
      range,
      now,
    );
    return resources.map(({ id, number, placeId }) => ({
      id,
      number,
      placeId,
      taken: new Occupied(uses.filter((use) => use.number === number && !moving.has(use.appointmentId))),
    }));
  }
}

/** What is kept from who looks is taken as by a stranger, whoever's agenda it is in: it is alone, in a group too. */
function withKept(taken: readonly Taken[], kept: readonly KeptTime[]): Taken[] {
  const ids = new Set(kept.map(({ appointmentId }) => appointmentId));
  const here = new Set(taken.map(({ appointmentId }) => appointmentId));
  const elsewhere = kept
    .filter(({ appointmentId }) => !here.has(appointmentId))
    .map(({ appointmentId, start, end }) => {
      const visit = { start, end };
      return { ...visit, visit, appointmentId, session: appointmentId, appointmentTypeId: nowhere, placeId: nowhere };
    });
  return [...taken.map((each) => (ids.has(each.appointmentId) ? { ...each, placeId: nowhere } : each)), ...elsewhere];
}

const nowhere = '';

const nothingTaken = new Occupied<Taken>([]);
const noHolidays: Holidays = new Map();

/** What is taken beyond the range counts too: a visit reaches out of it, with what is kept free around it. */
function reachedFrom({ start, end }: Interval, agendas: Agenda[]): Interval {
  const reach = (bufferMinutesMax + Math.max(0, ...agendas.map(minutesOf))) * minute;
  return { start: start - reach, end: end + reach };
}

const wholeDays = ({ start, end }: Interval): Interval => ({
  start: start - longestDay,
  end: end + longestDay,
});

/** @throws 422 for a type that the practitioner does not offer */
function minutesOf({ practitioner, appointmentTypeId, moving }: Agenda): number {
  if (moving) return (moving.end.getTime() - moving.start.getTime()) / minute;
  const type = practitioner.appointmentTypes.find(({ id }) => id === appointmentTypeId);
  if (!type) throw refusal('APPOINTMENT.TYPE_UNKNOWN', 'appointmentTypeId', 'is not offered by this practitioner');
  return type.minutes;
}

const typeOf = (agenda: Agenda, { rules }: Schedule): AppointmentType => ({
  id: agenda.appointmentTypeId,
  minutes: minutesOf(agenda),
  rules: rulesFor(agenda.appointmentTypeId, rules),
});
