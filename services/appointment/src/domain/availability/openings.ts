import {
  type Absence,
  minutesOfBreak,
  minutesOfSpan,
  type Schedule,
  type TimeSpan,
  type WorkingHours,
} from '../schedule/schedule.js';
import { type Interval, merged, overlaps, without } from '../time/intervals.js';
import { datesOf, dayOfWeek, daysAfter, instantOf, lastInstantOf, minutesOf, timesWithin } from '../time/time.js';

export interface Place {
  id: string;
  /** IANA zone. */
  zone: string;
}

/** The public holidays that are kept at places: by place id, the name of the holiday by date. */
export type Holidays = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A stretch of real time in which a practitioner receives. */
export interface Opening extends Interval {
  placeId: string;
  zone: string;
  /** From where slots follow one another: an absence leaves a part of an opening, and its slots where they were. */
  gridFrom: number;
}

export const closureCodes = [
  'APPOINTMENT.IN_A_BREAK',
  'APPOINTMENT.OTHER_HOURS_THAT_DAY',
  'APPOINTMENT.PUBLIC_HOLIDAY',
  'APPOINTMENT.PRACTITIONER_ABSENT',
  'APPOINTMENT.HOURS_OF_OTHER_TYPES',
] as const;

/** A stretch in which the practitioner would receive, but for the rule that is named. */
export interface Closure extends Interval {
  code: (typeof closureCodes)[number];
  /** Of the public holiday. */
  name?: string;
}

/** When the practitioner receives for a type, and why not otherwise; both in order of time. */
export interface Calendar {
  openings: Opening[];
  closures: Closure[];
}

/**
 * What weekly hours, exceptions, extra openings, public holidays and absences come to, as far as it touches `range`. All
 * are times on the clock of each place, so a day on which the clocks change is an hour shorter or longer.
 */
export function calendarOf(
  range: Interval,
  schedule: Schedule,
  places: readonly Place[],
  appointmentTypeId: string,
  holidays: Holidays,
): Calendar {
  const calendar: Calendar = { openings: [], closures: [] };
  const hasNights = spansOf(schedule).some((span) => span.endTime < span.startTime);
  for (const place of places) {
    const absences = absencesIn(place.zone, schedule);
    const add = (date: string, partOf = (plan: DayPlan) => plan) => {
      const plan = planOf(date, place, schedule, appointmentTypeId, holidays);
      addDay(calendar, partOf(plan), { date, place, absences, range });
    };
    const dates = datesOf(range, place.zone);
    if (hasNights) add(daysAfter(dates[0] as string, -1), pastMidnight);
    for (const date of dates) add(date);
  }
  calendar.openings.sort((a, b) => a.start - b.start);
  return calendar;
}

/** One day at one place, in minutes of its clock. */
interface DayPlan {
  open: Interval[];
  closed: Closure[];
}

const spansOf = ({ hours, exceptions, extraOpenings }: Schedule): TimeSpan[] => [
  ...hours,
  ...exceptions.flatMap(({ periods }) => periods),
  ...extraOpenings,
];

/** What of a day goes on into the next one. */
const pastMidnight = ({ open, closed }: DayPlan): DayPlan => {
  const goesOn = ({ end }: Interval) => end > minutesOf('24:00');
  return { open: open.filter(goesOn), closed: closed.filter(goesOn) };
};

// What was set for a date stands above the weekly hours, and above a public holiday.
function planOf(
  date: string,
  place: Place,
  schedule: Schedule,
  appointmentTypeId: string,
  holidays: Holidays,
): DayPlan {
  const rows = schedule.hours.filter((row) => row.placeId === place.id && holdsOn(row, date));
  const [own, others] = [
    rows.filter((row) => isFor(row, appointmentTypeId)),
    rows.filter((row) => !isFor(row, appointmentTypeId)),
  ];
  const usual = merged(own.map(minutesOfSpan));
  const breaks = own.flatMap((row) => (row.breaks ?? []).map((pause) => minutesOfBreak(pause, row)));
  const exception = schedule.exceptions.find((each) => each.date === date && each.placeId === place.id);
  const holiday = holidays.get(place.id)?.get(date);
  const extra = schedule.extraOpenings.filter((each) => each.date === date && each.placeId === place.id);
  const closed: Closure[] = others.map((row) => ({ ...minutesOfSpan(row), code: 'APPOINTMENT.HOURS_OF_OTHER_TYPES' }));

  let regular: Interval[];
  if (exception) {
    regular = exception.periods.map(minutesOfSpan);
    closed.push(...without(usual, regular).map((span) => closure(span, 'APPOINTMENT.OTHER_HOURS_THAT_DAY')));
  } else if (holiday !== undefined) {
    regular = [];
    closed.push(...usual.map((span) => ({ ...closure(span, 'APPOINTMENT.PUBLIC_HOLIDAY'), name: holiday })));
  } else {
    regular = without(usual, breaks);
    closed.push(...breaks.map((span) => closure(span, 'APPOINTMENT.IN_A_BREAK')));
  }
  return { open: merged([...regular, ...extra.map(minutesOfSpan)]), closed };
}

interface Day {
  date: string;
  place: Place;
  absences: Interval[];
  range: Interval;
}

function addDay({ openings, closures }: Calendar, plan: DayPlan, { date, place, absences, range }: Day): void {
  const timesOf = (span: Interval): Interval[] => timesWithin(date, span, place.zone);
  for (const open of plan.open.flatMap(timesOf)) {
    for (const left of without([open], absences)) {
      if (overlaps(left, range)) openings.push({ ...left, placeId: place.id, zone: place.zone, gridFrom: open.start });
    }
    for (const absence of absences) {
      if (overlaps(open, absence) && overlaps(absence, range))
        closures.push(closure(absence, 'APPOINTMENT.PRACTITIONER_ABSENT'));
    }
  }
  for (const each of plan.closed) {
    for (const time of timesOf(each)) {
      if (overlaps(time, range)) closures.push({ ...each, ...time });
    }
  }
}

const closure = ({ start, end }: Interval, code: Closure['code']): Closure => ({ start, end, code });

const holdsOn = ({ daysOfWeek, validFrom, validUntil }: WorkingHours, date: string): boolean =>
  daysOfWeek.includes(dayOfWeek(date)) &&
  (validFrom === undefined || validFrom <= date) &&
  (validUntil === undefined || date <= validUntil);

const isFor = ({ appointmentTypeIds }: WorkingHours, id: string): boolean =>
  appointmentTypeIds === undefined || appointmentTypeIds.includes(id);

const absencesIn = (zone: string, { absences }: Schedule): Interval[] => absences.map((each) => absenceIn(zone, each));

/**
 * The time of an absence, on the clock of a place. Who is away until a time that the clocks show twice is back at the second;
 * the end of a day is not one of its own times, and the next day's from the first.
 */
export const absenceIn = (zone: string, { startDate, endDate, startTime, endTime }: Absence): Interval => ({
  start: instantOf(startDate, startTime ?? '00:00', zone),
  end: endTime && endTime !== '24:00' ? lastInstantOf(endDate, endTime, zone) : instantOf(endDate, '24:00', zone),
});
