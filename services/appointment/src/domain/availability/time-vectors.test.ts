import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { buildFacts, dailyHours } from '../../../test/facts.js';
import { instantOf, inZone } from '../time/time.js';
import { offsetAt } from '../time/zone-offset.js';
import { freeSlots } from './availability.js';

interface Vector {
  zone: string;
  date: string;
  why: string;
  dayBegins: string;
  dayEnds: string;
  dayMinutes: number;
  clock: { time: string; instants: string[]; takenAs: string }[];
  search: { hours: { startTime: string; endTime: string }; minutes: number; starts: string[] };
  weekly: { time: string; dates: string[]; instants: string[] };
}

const { days } = createRequire(import.meta.url)('@cabinet/contracts/vectors/times.json') as { days: Vector[] };
const utc = (ms: number) => new Date(ms).toISOString().replace('.000', '');

const factsOf = ({ zone, search: { hours, minutes } }: Vector) =>
  buildFacts({ zone, minutes, schedule: { hours: [dailyHours(hours.startTime, hours.endTime)] } });

describe.each(days)('$date in $zone ($why)', (vector) => {
  const { zone, date, clock, search, weekly } = vector;

  it('begins and ends when it does', () => {
    const [begins, ends] = [instantOf(date, '00:00', zone), instantOf(date, '24:00', zone)];
    expect([utc(begins), utc(ends), (ends - begins) / 60_000]).toEqual([
      vector.dayBegins,
      vector.dayEnds,
      vector.dayMinutes,
    ]);
  });

  it('has each time when the clocks show it', () => {
    for (const { time, instants, takenAs } of clock) {
      expect(utc(instantOf(date, time, zone)), time).toBe(takenAs);
      for (const instant of instants) {
        expect(inZone(Date.parse(instant), zone).slice(0, 16)).toBe(`${date}T${time}`);
      }
      // No other instant of the day shows it.
      const shown: string[] = [];
      for (let ms = Date.parse(vector.dayBegins); ms < Date.parse(vector.dayEnds); ms += 60_000) {
        const wall = new Date(ms + offsetAt(ms, zone) * 60_000).toISOString();
        if (wall.startsWith(`${date}T${time}`)) shown.push(utc(ms));
      }
      expect(shown, time).toEqual(instants);
    }
  });

  it('offers slots for as long as the day really is', () => {
    const range = { start: Date.parse(vector.dayBegins), end: Date.parse(vector.dayEnds) };
    const found = [...freeSlots(factsOf(vector), range)].map(({ start }) => inZone(start, zone));
    expect(found).toEqual(search.starts);
  });

  it('has the same time of day every week', () => {
    expect(weekly.dates.map((each) => utc(instantOf(each, weekly.time, zone)))).toEqual(weekly.instants);
  });
});
