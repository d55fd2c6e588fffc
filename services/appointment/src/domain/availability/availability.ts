import { createHash } from 'node:crypto';
import type { Audience } from '../capacity.js';
import type { BookingRules, Mode } from '../schedule/booking-rules.js';
import type { Schedule } from '../schedule/schedule.js';
import { contains, type Interval, type Occupied, overlaps } from '../time/intervals.js';
import { clockMinutes, dateIn, day, daysAfter, longestDay, minute } from '../time/time.js';
import type { StalePolicy } from './external-time.js';
import { doubtAbout, type ExternalTime } from './external-time.js';
import { type Calendar, type Closure, calendarOf, type Holidays, type Opening, type Place } from './openings.js';

export interface AppointmentType {
  id: string;
  minutes: number;
  rules: BookingRules;
}

/** An appointment that stands, as a part of the practitioner's time: the span has what it keeps free around it. */
export interface Taken extends Interval {
  appointmentId: string;
  /** The patient who keeps it from their guardians, if so. */
  keptOf?: string;
  appointmentTypeId: string;
  placeId: string;
  visit: Interval;
  /** Those of one session may overlap: the patients of a group visit, and what staff forced. */
  session: string;
  seat?: number;
  dayPlace?: number;
}

/** A room or device that is needed, with when it is taken. */
export interface ResourceFacts {
  id: string;
  number: number;
  /** Absent: it goes where it is needed. */
  placeId?: string;
  taken: Occupied<Interval & { session: string }>;
}

/** All that counts when it is asked whether a time can be booked. */
export interface Facts {
  now: number;
  /** Whose rules hold: notice, horizon and the grid of slots are for patients only. */
  audience: Audience;
  practitionerId: string;
  places: readonly Place[];
  schedule: Schedule;
  type: AppointmentType;
  holidays: Holidays;
  /** Of the practitioner, for all days that the question touches; empty when the store is to find out. */
  taken: Occupied<Taken>;
  /** What calendars elsewhere say. */
  external: ExternalTime;
  resources: readonly ResourceFacts[];
}

/** A time that can be booked, and how it is then stored. */
export interface Slot extends Interval {
  placeId: string;
  zone: string;
  /** With what is kept free around it. */
  blocked: Interval;
  /** Of a group visit; absent: the appointment is alone. */
  session?: string;
  seat?: number;
  /** Of a group visit: places that are left, this one included. */
  seatsLeft?: number;
  /** For a type with a daily maximum: the date and the how-manieth of it. */
  day?: string;
  dayPlace?: number;
  /** Numbers of the rooms and devices. */
  resources?: number[];
  /** A calendar elsewhere may have taken it: it could not be read lately. */
  doubt?: Exclude<StalePolicy, 'hide'>;
  /** Of the schedule by which it is one. */
  scheduleVersion: number;
}

/** Why a time can not be booked. Times are instants in milliseconds; none of it is about a patient. */
export interface Refusal {
  code:
    | Closure['code']
    | 'APPOINTMENT.IN_THE_PAST'
    | 'APPOINTMENT.NOTICE_TOO_SHORT'
    | 'APPOINTMENT.BEYOND_HORIZON'
    | 'APPOINTMENT.STAFF_ONLY'
    | 'APPOINTMENT.OUTSIDE_WORKING_HOURS'
    | 'APPOINTMENT.NOT_A_SLOT'
    | 'APPOINTMENT.SLOT_TAKEN'
    | 'APPOINTMENT.TOO_CLOSE'
    | 'APPOINTMENT.GROUP_FULL'
    | 'APPOINTMENT.DAY_FULL'
    | 'APPOINTMENT.RESOURCE_TAKEN'
    | 'APPOINTMENT.PATIENT_BUSY'
    | 'APPOINTMENT.TIME_SKIPPED'
    | 'APPOINTMENT.BUSY_ELSEWHERE'
    | 'APPOINTMENT.CALENDAR_STALE';
  /** What is in the way: a closure, or a neighbour. */
  from?: number;
  until?: number;
  /** The neighbour. */
  appointmentId?: string;
  /** The patient who keeps the neighbour from their guardians: to these it is not named. */
  keptOf?: string;
  /** Of the public holiday. */
  name?: string;
  /** What the rule allows: minutes of notice, days ahead, appointments a day, patients together. */
  limit?: number;
}

export type Verdict = { slot: Slot; refusals?: undefined } | { slot?: undefined; refusals: Refusal[] };

/** How many days are laid out at a time, so that whoever wants the first slots does not pay for all. */
const stepDays = 7;

/** The slots that start and end within the range, in order of time. Slots are never stored, so what is cancelled is free at once. */
export function* freeSlots(facts: Facts, range: Interval): Generator<Slot> {
  if (facts.audience === 'patients' && facts.type.rules.bookableBy === 'staff') return;
  const length = facts.type.minutes * minute;
  let last = -Infinity;
  for (let from = Math.max(range.start, facts.now); from < range.end; from += stepDays * day) {
    // A slot belongs to the step in which it starts, and may reach into the next.
    const step = { start: from, end: Math.min(from + stepDays * day, range.end) };
    const calendar = layOut(facts, step);
    for (const opening of calendar.openings) {
      for (const start of startsIn(opening, facts.type, step)) {
        if (start + length > range.end || start <= last) continue;
        const { slot } = judge(start, facts, calendar);
        if (!slot) continue;
        yield slot;
        last = start;
      }
    }
  }
}

/**
 * Whether an appointment can start at a time, and as what it is then stored; else every rule and neighbour in its way,
 * the one to name first in front.
 */
export function availabilityAt(start: number, facts: Facts): Verdict {
  return judge(start, facts, layOut(facts, visitAt(start, facts)));
}

const layOut = ({ schedule, places, type, holidays }: Facts, range: Interval): Calendar =>
  calendarOf(range, schedule, places, type.id, holidays);

const visitAt = (start: number, { type }: Facts): Interval => ({ start, end: start + type.minutes * minute });

function judge(start: number, facts: Facts, calendar: Calendar): Verdict {
  const visit = visitAt(start, facts);
  const refusals = refusedByTime(visit, facts);
  const opening = calendar.openings.find((each) => contains(each, visit));
  if (!opening) return { refusals: [...refusals, ...refusedByCalendar(visit, calendar)] };
  if (facts.audience === 'patients' && !isOnGrid(start, opening, facts.type)) {
    refusals.push({ code: 'APPOINTMENT.NOT_A_SLOT' });
  }
  const slot = slotAt(visit, opening, facts, refusals);
  return refusals.length > 0 ? { refusals } : { slot };
}

function refusedByTime({ start }: Interval, { now, audience, type: { rules }, places }: Facts): Refusal[] {
  if (start < now) return [{ code: 'APPOINTMENT.IN_THE_PAST' }];
  if (audience === 'staff') return [];
  const refusals: Refusal[] = [];
  if (rules.bookableBy === 'staff') refusals.push({ code: 'APPOINTMENT.STAFF_ONLY' });
  if (start < now + rules.noticeMinutes * minute) {
    refusals.push({ code: 'APPOINTMENT.NOTICE_TOO_SHORT', limit: rules.noticeMinutes });
  }
  const zone = places[0]?.zone ?? 'UTC';
  if (rules.horizonDays !== undefined && dateIn(start, zone) > daysAfter(dateIn(now, zone), rules.horizonDays)) {
    refusals.push({ code: 'APPOINTMENT.BEYOND_HORIZON', limit: rules.horizonDays });
  }
  return refusals;
}

/** What closes the time, or, when nothing does, that it is nowhere within the hours. */
function refusedByCalendar(visit: Interval, { closures }: Calendar): Refusal[] {
  const inTheWay = closures.filter((closure) => overlaps(closure, visit));
  if (inTheWay.length === 0) return [{ code: 'APPOINTMENT.OUTSIDE_WORKING_HOURS' }];
  return inTheWay.map(({ code, start, end, name }) => ({ code, from: start, until: end, name }));
}

/** The slot as far as neighbours, seats and rooms leave one; what they refuse is added to `refusals`. */
function slotAt(visit: Interval, { placeId, zone }: Opening, facts: Facts, refusals: Refusal[]): Slot {
  const { rules } = facts.type;
  const blocked = {
    start: visit.start - rules.bufferBeforeMinutes * minute,
    end: visit.end + rules.bufferAfterMinutes * minute,
  };
  const neighbours = facts.taken.overlapping(blocked);
  const scheduleVersion = facts.schedule.version;
  const slot: Slot = { start: visit.start, end: visit.end, placeId, zone, blocked, scheduleVersion };
  const group = rules.capacity > 1 ? groupOf(slot, neighbours, facts) : nobody;
  if (rules.capacity > 1) takeSeat(slot, group, facts, refusals);
  for (const neighbour of neighbours) {
    if (!group.includes(neighbour)) refusals.push(refusedBy(neighbour, visit));
  }
  checkExternal(slot, facts, refusals);
  if (rules.dailyMax !== undefined) takeDayPlace(slot, rules.dailyMax, facts, refusals);
  if (rules.needs.length > 0) takeResources(slot, facts, refusals);
  return slot;
}

const refusedBy = ({ visit, appointmentId, keptOf }: Taken, wanted: Interval): Refusal => ({
  code: overlaps(visit, wanted) ? 'APPOINTMENT.SLOT_TAKEN' : 'APPOINTMENT.TOO_CLOSE',
  from: visit.start,
  until: visit.end,
  appointmentId,
  keptOf,
});

/** What keeps the practitioner busy elsewhere is in the way like a neighbour; a calendar that is not known to say, by its policy. */
function checkExternal(slot: Slot, { external }: Facts, refusals: Refusal[]): void {
  for (const { start, end } of external.busy.overlapping(slot.blocked)) {
    refusals.push({ code: 'APPOINTMENT.BUSY_ELSEWHERE', from: start, until: end });
  }
  if (external.calendars.length === 0) return;
  const doubt = doubtAbout(slot, external);
  if (doubt === 'hide') refusals.push({ code: 'APPOINTMENT.CALENDAR_STALE' });
  else if (doubt) slot.doubt = doubt;
}

const nobody: readonly Taken[] = [];

/** Those who come to the same: only they may be there at the same time. */
const groupOf = (slot: Slot, neighbours: readonly Taken[], { type }: Facts): readonly Taken[] =>
  neighbours.filter(
    ({ visit, appointmentTypeId, placeId }) =>
      visit.start === slot.start && appointmentTypeId === type.id && placeId === slot.placeId,
  );

function takeSeat(slot: Slot, group: readonly Taken[], { practitionerId, type }: Facts, refusals: Refusal[]): void {
  const { capacity } = type.rules;
  slot.session = group[0]?.session ?? sessionOf(practitionerId, type.id, slot);
  slot.seat = firstFree(group.map(({ seat }) => seat));
  slot.seatsLeft = capacity - group.length;
  if (slot.seatsLeft < 1) refusals.push({ code: 'APPOINTMENT.GROUP_FULL', limit: capacity });
}

function takeDayPlace(slot: Slot, dailyMax: number, { taken, type }: Facts, refusals: Refusal[]): void {
  slot.day = dateIn(slot.start, slot.zone);
  const sameDay = taken
    .overlapping({ start: slot.start - longestDay, end: slot.start + longestDay })
    .filter(
      ({ visit, appointmentTypeId }) => appointmentTypeId === type.id && dateIn(visit.start, slot.zone) === slot.day,
    );
  slot.dayPlace = firstFree(sameDay.map(({ dayPlace }) => dayPlace));
  if (sameDay.length >= dailyMax) {
    refusals.push({ code: 'APPOINTMENT.DAY_FULL', limit: dailyMax });
  }
}

function takeResources(slot: Slot, { type, resources }: Facts, refusals: Refusal[]): void {
  slot.resources = [];
  for (const { anyOf } of type.rules.needs) {
    const free = resources.find(
      ({ id, number, placeId, taken }) =>
        anyOf.includes(id) &&
        (placeId === undefined || placeId === slot.placeId) &&
        !slot.resources?.includes(number) &&
        !taken.overlapping(slot.blocked).some(({ session }) => session !== slot.session),
    );
    if (free) slot.resources.push(free.number);
    else refusals.push({ code: 'APPOINTMENT.RESOURCE_TAKEN' });
  }
}

/** The lowest number from 1 on that is not among the given ones. */
function firstFree(used: (number | undefined)[]): number {
  let number = 1;
  while (used.includes(number)) number += 1;
  return number;
}

// The same for everybody who comes to the same group visit, without asking anybody.
function sessionOf(practitionerId: string, appointmentTypeId: string, { placeId, start }: Slot): string {
  const hash = createHash('sha256').update(`${practitionerId} ${appointmentTypeId} ${placeId} ${start}`).digest('hex');
  // A UUID of version 8 (RFC 9562 section 5.8): 48 bits, the version, 12 bits, the variant, 62 bits.
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** The times within the opening and the range at which slots start. */
function* startsIn(opening: Opening, type: AppointmentType, range: Interval): Generator<number> {
  const latest = Math.min(opening.end - type.minutes * minute, range.end - 1);
  const earliest = Math.max(opening.start, range.start);
  const { alignment } = type.rules;
  if (!alignment) {
    const length = type.minutes * minute;
    const first = opening.gridFrom + Math.ceil((earliest - opening.gridFrom) / length) * length;
    for (let at = first; at <= latest; at += length) yield at;
    return;
  }
  // Asked anew for each, so that it stays on the clock when the clocks change.
  const next = (at: number) => at + minutesToAligned(at, opening.zone, alignment) * minute;
  const wholeMinute = Math.ceil(earliest / minute) * minute;
  for (let at = next(wholeMinute); at <= latest; at = next(at + minute)) yield at;
}

const isOnGrid = (start: number, { gridFrom, zone }: Opening, { minutes, rules: { alignment } }: AppointmentType) =>
  alignment ? minutesToAligned(start, zone, alignment) === 0 : (start - gridFrom) % (minutes * minute) === 0;

function minutesToAligned(
  at: number,
  zone: string,
  alignment: { everyMinutes: number; offsetMinutes: number },
): number {
  const { everyMinutes, offsetMinutes } = alignment;
  const past = (((clockMinutes(at, zone) - offsetMinutes) % everyMinutes) + everyMinutes) % everyMinutes;
  return past === 0 ? 0 : everyMinutes - past;
}

/** The mode that an appointment of the type then has, or undefined when it is not offered in the wanted one. */
export const modeOf = ({ rules }: AppointmentType, wanted?: Mode): Mode | undefined =>
  wanted === undefined ? rules.modes[0] : rules.modes.find((mode) => mode === wanted);
