import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSlots } from './free-slots.js';
import { type Interval, inZone, minute, overlaps } from './time.js';
import { openingsIn, type WorkingHours } from './working-hours.js';

const at = (text: string) => Date.parse(text);
const zones = new Map([['cabinet', 'Europe/Paris']]);
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hours = (startTime: string, endTime: string): WorkingHours => ({
  placeId: 'cabinet',
  daysOfWeek: [...everyDay],
  startTime,
  endTime,
});

const startsOf = (range: Interval, rows: WorkingHours[], minutes: number, busy: Interval[] = [], now = 0) =>
  freeSlots({ range, openings: openingsIn(range, rows, zones), busy, minutes, now }).map(({ start, zone }) =>
    inZone(start, zone).slice(11),
  );

const dayOf = (date: string): Interval => ({
  start: at(`${date}T00:00:00Z`) - 2 * 60 * minute,
  end: at(`${date}T22:00:00Z`),
});

describe('freeSlots', () => {
  it('offers what fits whole into the hours, on a grid from their beginning', () => {
    expect(startsOf(dayOf('2026-11-23'), [hours('09:00', '10:40')], 30)).toEqual([
      '09:00:00+01:00',
      '09:30:00+01:00',
      '10:00:00+01:00',
    ]);
  });

  it('leaves out what is taken, in part or whole, and what has passed', () => {
    const busy = [{ start: at('2026-11-23T09:50:00+01:00'), end: at('2026-11-23T10:10:00+01:00') }];
    const now = at('2026-11-23T09:01:00+01:00');
    expect(startsOf(dayOf('2026-11-23'), [hours('09:00', '11:30')], 30, busy, now)).toEqual([
      '10:30:00+01:00',
      '11:00:00+01:00',
    ]);
  });

  it('has an hour less in the night when the clocks go forward, and never 02:30', () => {
    expect(startsOf(dayOf('2026-03-29'), [hours('01:00', '04:00')], 30)).toEqual([
      '01:00:00+01:00',
      '01:30:00+01:00',
      '03:00:00+02:00',
      '03:30:00+02:00',
    ]);
  });

  it('has an hour more in the night when they go back', () => {
    expect(startsOf(dayOf('2026-10-25'), [hours('02:00', '03:00')], 30)).toEqual([
      '02:00:00+02:00',
      '02:30:00+02:00',
      '02:00:00+01:00',
      '02:30:00+01:00',
    ]);
  });

  it('never offers a time outside the hours, overlapping what is taken, or twice', () => {
    const start = at('2026-03-20T00:00:00Z');
    const range = { start, end: start + 14 * 24 * 60 * minute };
    const taken = fc.record({
      from: fc.integer({ min: 0, max: 14 * 24 * 12 }),
      steps: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(taken, { maxLength: 40 }), fc.constantFrom(10, 15, 20, 45, 60), (spans, minutes) => {
        const busy = spans.map(({ from, steps }) => ({
          start: start + from * 5 * minute,
          end: start + (from + steps) * 5 * minute,
        }));
        const openings = openingsIn(range, [hours('08:30', '12:15'), hours('14:00', '18:00')], zones);
        const slots = freeSlots({ range, openings, busy, minutes, now: 0 });
        for (const [index, slot] of slots.entries()) {
          expect(slot.end - slot.start).toBe(minutes * minute);
          expect(openings.some((open) => open.start <= slot.start && slot.end <= open.end)).toBe(true);
          expect(busy.some((span) => overlaps(span, slot))).toBe(false);
          expect(slots.slice(index + 1).some((other) => overlaps(other, slot))).toBe(false);
        }
        const offered = new Set(slots.map((slot) => slot.start));
        for (const open of openings) {
          for (let time = open.start; time + minutes * minute <= open.end; time += minutes * minute) {
            const wanted = { start: time, end: time + minutes * minute };
            const isFree =
              wanted.start >= range.start && wanted.end <= range.end && !busy.some((span) => overlaps(span, wanted));
            expect(offered.has(time)).toBe(isFree);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
