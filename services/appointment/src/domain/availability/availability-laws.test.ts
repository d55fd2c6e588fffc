import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFacts, dailyHours, type FactsParts } from '../../../test/facts.js';
import type { Schedule, TimeSpan, WorkingHours } from '../schedule/schedule.js';
import { contains, type Interval, Occupied, overlaps } from '../time/intervals.js';
import { clockMinutes, dateIn, day, instantOf, minute, minutesOf } from '../time/time.js';
import { availabilityAt, type Facts, freeSlots, type Slot, type Taken } from './availability.js';
import { absenceIn, calendarOf } from './openings.js';

// Two weeks with a change of the clocks in Paris in their middle.
const from = Date.parse('2026-03-22T00:00:00Z');
const range: Interval = { start: from, end: from + 14 * day };
const dates = Array.from({ length: 14 }, (_, nth) => new Date(from + nth * day).toISOString().slice(0, 10));

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Periods of one day that do not overlap, in order, in minutes of the day. */
const periods = (earliest = 0, latest = 24 * 60) =>
  fc.uniqueArray(fc.integer({ min: earliest / 15, max: latest / 15 }), { minLength: 2, maxLength: 8 }).map((marks) => {
    const sorted = marks.toSorted((a, b) => a - b).map((mark) => mark * 15);
    return sorted.flatMap((start, nth) => {
      const end = sorted[nth + 1];
      return nth % 2 === 0 && end !== undefined ? [{ start, end }] : [];
    });
  });

const inTheMiddle = ({ start, end }: Interval) => {
  const third = Math.floor((end - start) / 3);
  return { startTime: clock(start + third), endTime: clock(end - third) };
};

const hours = (earliest?: number, latest?: number): fc.Arbitrary<WorkingHours[]> =>
  fc
    .tuple(periods(earliest, latest), fc.boolean())
    .map(([spans, hasBreaks]) =>
      spans.map((span) =>
        dailyHours(clock(span.start), clock(span.end), hasBreaks ? { breaks: [inTheMiddle(span)] } : {}),
      ),
    );

const date = fc.constantFrom(...dates);

const span: fc.Arbitrary<Interval> = fc
  .tuple(fc.nat(100), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]) => ({ start, end: start + length }));

const schedule: fc.Arbitrary<Partial<Schedule>> = fc.record({
  hours: hours(),
  exceptions: fc.uniqueArray(
    fc.record({
      date,
      placeId: fc.constant('cabinet'),
      periods: periods().map((spans) =>
        spans.map(({ start, end }) => ({ startTime: clock(start), endTime: clock(end) })),
      ),
    }),
    { maxLength: 2, selector: (each) => each.date },
  ),
  extraOpenings: fc.array(
    date.map((on) => ({ date: on, placeId: 'cabinet', startTime: '06:00', endTime: '08:20' })),
    { maxLength: 2 },
  ),
  absences: fc.array(
    fc.tuple(date, fc.integer({ min: 0, max: 3 }), fc.boolean()).map(([startDate, days, isPartial]) => ({
      startDate,
      endDate: new Date(Date.parse(startDate) + days * day).toISOString().slice(0, 10),
      ...(isPartial && { startTime: '10:10', endTime: '15:35' }),
    })),
    { maxLength: 2 },
  ),
});

const rules = fc.record(
  {
    bufferBeforeMinutes: fc.constantFrom(0, 5, 20),
    bufferAfterMinutes: fc.constantFrom(0, 10),
    alignment: fc.constantFrom(
      { everyMinutes: 15, offsetMinutes: 0 },
      { everyMinutes: 60, offsetMinutes: 10 },
      { everyMinutes: 25, offsetMinutes: 5 },
    ),
    noticeMinutes: fc.constantFrom(0, 600, 3_000),
    horizonDays: fc.constantFrom(3, 10),
    dailyMax: fc.constantFrom(1, 3),
    capacity: fc.constantFrom(1, 3),
  },
  { requiredKeys: [] },
);

/** Appointments somewhere in the range, with buffers of their own: those that begin together are of one session, as in the store. */
const taken: fc.Arbitrary<Taken[]> = fc
  .array(
    fc.record({
      // Some begin together.
      at: fc.oneof(fc.integer({ min: 0, max: 14 * 24 * 12 }), fc.integer({ min: 100, max: 110 })),
      steps: fc.integer({ min: 1, max: 24 }),
      buffer: fc.constantFrom(0, 5, 15),
    }),
    { maxLength: 40 },
  )
  .map((spans) =>
    spans.map(({ at, steps, buffer }, nth) => {
      const visit = { start: from + at * 5 * minute, end: from + (at + steps) * 5 * minute };
      return {
        start: visit.start - buffer * minute,
        end: visit.end + buffer * minute,
        visit,
        appointmentId: `appointment ${nth}`,
        appointmentTypeId: 'consultation',
        placeId: 'cabinet',
        session: `session ${at}`,
      };
    }),
  );

const zone = fc.constantFrom(
  'Europe/Paris',
  'Indian/Reunion',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
);

/** Dates on which the clocks change, in one way or the other. */
const nights = fc.constantFrom<[zone: string, date: string]>(
  ['Europe/Paris', '2027-03-28'],
  ['Europe/Paris', '2027-10-31'],
  ['Australia/Lord_Howe', '2027-04-04'],
  ['America/Santiago', '2027-04-03'],
  ['America/New_York', '2027-11-07'],
);

const parts: fc.Arbitrary<FactsParts> = fc.record({
  zone,
  schedule,
  rules,
  taken,
  minutes: fc.constantFrom(10, 20, 30, 45, 60),
  now: fc.integer({ min: 0, max: 8 * 24 * 60 }).map((minutes) => from + minutes * minute),
});

const slotsOf = (given: FactsParts, within = range): Slot[] => [...freeSlots(buildFacts(given), within)];
const timesOf = (slots: Slot[]) => slots.map(({ start, end }) => [start, end]);
const offeredTo = (audience: Facts['audience'], given: FactsParts) => buildFacts({ ...given, audience });

/** Vitest's own assertion counts each; the law is said once. */
const law = (name: string, property: () => fc.IRawProperty<unknown>, numRuns = 100) =>
  it(name, () => fc.assert(property(), { numRuns }));

describe('the laws of availability', () => {
  law('no offered slot overlaps anything that is taken, or a time in which nobody receives', () =>
    fc.property(parts, (given) => {
      const facts = buildFacts(given);
      const { places, schedule, type, holidays } = facts;
      const { openings } = calendarOf(range, schedule, places, type.id, holidays);
      for (const slot of freeSlots(facts, range)) {
        expect(slot.end - slot.start).toBe(type.minutes * minute);
        expect(contains(range, slot) && slot.start >= facts.now).toBe(true);
        expect(openings.some((opening) => contains(opening, slot))).toBe(true);
        const { bufferBeforeMinutes = 0, bufferAfterMinutes = 0 } = given.rules ?? {};
        const blocked = {
          start: slot.start - bufferBeforeMinutes * minute,
          end: slot.end + bufferAfterMinutes * minute,
        };
        const isGroup = (given.rules?.capacity ?? 1) > 1;
        const others = given.taken?.filter(({ visit }) => !isGroup || visit.start !== slot.start);
        expect(others?.filter((each) => overlaps(each, blocked))).toEqual([]);
      }
    }),
  );

  law('an absence takes the slots that it overlaps, and leaves the others where they are', () =>
    fc.property(parts, date, (given, on) => {
      const absence = { startDate: on, endDate: on, startTime: '08:40', endTime: '14:05' };
      const { zone = 'UTC', schedule = {} } = given;
      const away = { start: instantOf(on, '08:40', zone), end: instantOf(on, '14:05', zone) };
      const absences = [...(schedule.absences ?? []), absence];
      expect(slotsOf({ ...given, schedule: { ...schedule, absences } })).toEqual(
        slotsOf(given).filter((slot) => !overlaps(slot, away)),
      );
    }),
  );

  law('who receives by the clock receives at each instant at which it shows one of their times, in any night', () =>
    fc.property(nights, hours(), ([zone, on], rows) => {
      const { places, schedule } = buildFacts({ zone, schedule: { hours: rows } });
      const night = { start: Date.parse(on) - day, end: Date.parse(on) + 2 * day };
      const { openings } = calendarOf(night, schedule, places, 'consultation', new Map());
      const shows =
        (at: number) =>
        ({ startTime, endTime }: TimeSpan) =>
          minutesOf(startTime) <= clockMinutes(at, zone) && clockMinutes(at, zone) < minutesOf(endTime);
      for (let at = night.start; at < night.end; at += 5 * minute) {
        const row = rows.find(shows(at));
        const isOpen = openings.some(({ start, end }) => start <= at && at < end);
        expect([at, isOpen]).toEqual([at, row !== undefined && !row.breaks?.some(shows(at))]);
      }
    }),
  );

  law(
    'an absence lasts from the first time that the clocks show its beginning until the last that they show its end',
    () =>
      fc.property(nights, periods(), ([zone, on], spans) => {
        const absences = spans.map(({ start, end }) => ({
          ...{ startDate: on, endDate: on },
          ...{ startTime: clock(start), endTime: clock(end) },
        }));
        for (const [nth, { start, end }] of absences.map((each) => absenceIn(zone, each)).entries()) {
          const span = spans[nth] as Interval;
          for (let at = Date.parse(on) - day; at < Date.parse(on) + 2 * day; at += 5 * minute) {
            if (dateIn(at, zone) !== on || (start <= at && at < end)) continue;
            expect([at, span.start <= clockMinutes(at, zone) && clockMinutes(at, zone) < span.end]).toEqual([
              at,
              false,
            ]);
          }
        }
      }),
  );

  law('every offered slot can be booked, by patients and by staff, as what it was offered', () =>
    fc.property(parts, (given) => {
      for (const slot of slotsOf(given)) {
        expect(availabilityAt(slot.start, offeredTo('patients', given))).toEqual({ slot });
        expect(availabilityAt(slot.start, offeredTo('staff', given))).toEqual({ slot });
      }
    }),
  );

  law('every time that can be booked by a patient is offered, and every other has a reason', () =>
    fc.property(
      parts,
      fc.array(fc.integer({ min: 0, max: 14 * 24 * 60 - 60 }), { minLength: 50, maxLength: 50 }),
      (given, times) => {
        const facts = offeredTo('patients', given);
        const offered = new Set(slotsOf(given).map(({ start }) => start));
        for (const start of times.map((minutes) => from + minutes * minute)) {
          const { slot, refusals } = availabilityAt(start, facts);
          expect([start, slot !== undefined]).toEqual([start, offered.has(start)]);
          expect(slot !== undefined).toBe((refusals ?? []).length === 0);
        }
      },
    ),
  );

  law('merging or splitting hours changes nothing', () =>
    fc.property(parts, fc.array(fc.integer({ min: 1, max: 287 }), { maxLength: 6 }), (given, cuts) => {
      const whole = given.schedule?.hours ?? [];
      const split = cuts.reduce((rows, cut) => rows.flatMap((row) => splitAt(row, clock(cut * 5))), whole);
      expect(slotsOf({ ...given, schedule: { ...given.schedule, hours: split } })).toEqual(slotsOf(given));
    }),
  );

  law('the order in which hours and appointments are given changes nothing', () =>
    fc.property(parts, (given) => {
      const turned = {
        ...given,
        schedule: { ...given.schedule, hours: given.schedule?.hours?.toReversed() ?? [] },
        taken: given.taken?.toReversed() ?? [],
      };
      expect(slotsOf(turned)).toEqual(slotsOf(given));
    }),
  );

  law('shifting zone and hours together changes nothing', () =>
    fc.property(
      fc.record({ hours: hours(6 * 60, 18 * 60), taken, shift: fc.integer({ min: -5, max: 5 }) }),
      fc.constantFrom(undefined, { everyMinutes: 15, offsetMinutes: 5 }, { everyMinutes: 60, offsetMinutes: 0 }),
      ({ hours, taken, shift }, alignment) => {
        // POSIX turns the sign round: Etc/GMT-2 is two hours ahead of UTC.
        const zone = shift === 0 ? 'Etc/GMT' : `Etc/GMT${shift > 0 ? '-' : '+'}${Math.abs(shift)}`;
        const there = {
          zone,
          taken,
          rules: { alignment },
          schedule: { hours: hours.map((row) => shifted(row, shift)) },
        };
        const here = { zone: 'UTC', taken, rules: { alignment }, schedule: { hours } };
        expect(timesOf(slotsOf(there))).toEqual(timesOf(slotsOf(here)));
      },
    ),
  );

  law('searching a part of the range finds that part of the slots', () =>
    fc.property(
      parts,
      fc.integer({ min: 0, max: 14 * 24 * 60 }),
      fc.integer({ min: 1, max: 14 * 24 * 60 }),
      (given, begin, length) => {
        const part = { start: from + begin * minute, end: Math.min(from + (begin + length) * minute, range.end) };
        if (part.end <= part.start) return;
        expect(slotsOf(given, part)).toEqual(slotsOf(given).filter((slot) => contains(part, slot)));
      },
    ),
  );

  law('booking a slot takes it and what it blocks, and leaves all others', () =>
    fc.property(parts, fc.nat(), (given, nth) => {
      const alone = { ...given, rules: { ...given.rules, dailyMax: undefined, capacity: 1 } };
      const offered = slotsOf(alone);
      const booked = offered[nth % Math.max(offered.length, 1)];
      if (!booked) return;
      const { blocked, start, end } = booked;
      const visit = { start, end };
      const row: Taken = {
        ...blocked,
        visit,
        appointmentId: 'new',
        appointmentTypeId: 'consultation',
        placeId: 'cabinet',
        session: 'new',
      };
      const left = slotsOf({ ...alone, taken: [...(alone.taken ?? []), row] });
      expect(left).toEqual(offered.filter((slot) => !overlaps(slot.blocked, blocked)));
    }),
  );

  law('whoever takes seats or places of a day one after the other gets as many as there are', () =>
    fc.property(parts, fc.constantFrom(1, 2, 5), fc.constantFrom(undefined, 3), (given, capacity, dailyMax) => {
      const group = { ...given, rules: { ...given.rules, capacity, dailyMax } };
      const [first] = slotsOf(group);
      if (!first) return;
      const coming = [...(given.taken ?? [])];
      const next = () => availabilityAt(first.start, offeredTo('staff', { ...group, taken: coming })).slot;
      const seats: (number | undefined)[] = [];
      for (let slot = next(); slot; slot = next()) {
        seats.push(slot.seat);
        const session = slot.session ?? `patient ${seats.length}`;
        const visit = { start: slot.start, end: slot.end };
        const { blocked, seat, dayPlace, placeId } = slot;
        coming.push({
          ...blocked,
          visit,
          session,
          seat,
          dayPlace,
          placeId,
          appointmentTypeId: 'consultation',
          appointmentId: session,
        });
      }
      expect(new Set(seats).size).toBe(seats.length);
      const before = (given.taken ?? []).filter(({ visit }) => sameDay(visit.start, first.start, given.zone ?? ''));
      const there = before.filter(({ visit }) => visit.start === first.start);
      const [seatsLeft, placesLeft] = [capacity - there.length, (dailyMax ?? Infinity) - before.length];
      expect(seats).toHaveLength(Math.min(seatsLeft, placesLeft));
    }),
  );

  law('what overlaps is found among the occupied, and nothing else', () =>
    fc.property(fc.array(span, { maxLength: 30 }), span, (spans, wanted) => {
      const found = new Occupied(spans).overlapping(wanted);
      expect(new Set(found)).toEqual(new Set(spans.filter((each) => overlaps(each, wanted))));
    }),
  );
});

function splitAt(row: WorkingHours, time: string): WorkingHours[] {
  // A cut in a break would leave a part of it outside its period.
  const isInside = row.startTime < time && time < row.endTime;
  if (!isInside || row.breaks?.some(({ startTime, endTime }) => startTime < time && time < endTime)) return [row];
  const breaks = row.breaks ?? [];
  return [
    { ...row, endTime: time, breaks: breaks.filter(({ endTime }) => endTime <= time) },
    { ...row, startTime: time, breaks: breaks.filter(({ startTime }) => startTime >= time) },
  ];
}

const shifted = (row: WorkingHours, by: number): WorkingHours => ({
  ...row,
  ...shiftedSpan(row, by),
  breaks: row.breaks?.map((each) => shiftedSpan(each, by)),
});

const shiftedSpan = ({ startTime, endTime }: { startTime: string; endTime: string }, by: number) => ({
  startTime: later(startTime, by),
  endTime: later(endTime, by),
});

const later = (time: string, byHours: number) =>
  clock(Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + byHours * 60);

const sameDay = (a: number, b: number, zone: string) => {
  const text = new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short' });
  return text.format(a) === text.format(b);
};
