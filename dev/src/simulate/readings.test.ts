import { describe, expect, it } from 'vitest';
import { dayAt, dayMs, midnight, written } from './local-time.ts';
import { dayOf, deviceKinds, homeZone, type Person, personOf } from './person.ts';
import { readingsOf } from './readings.ts';
import { batchesOf } from './send.ts';
import { deliveries, measuredBetween } from './simulation.ts';

const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayMs;
const first = day('2026-09-01');
const days = Array.from({ length: 60 }, (_, nth) => first + nth);
const people = Array.from({ length: 60 }, (_, nth) => personOf(1, nth));
const every = <T>(of: (person: Person, day: number) => T[]): T[] =>
  people.flatMap((person) => days.flatMap((each) => of(person, each)));

/** Somebody of whom something is so on some day of September and October. */
function found<T>(of: (person: Person, day: number) => T | false | undefined): T {
  for (let nth = 0; nth < 1_000; nth += 1)
    for (const each of days) {
      const is = of(personOf(1, nth), each);
      if (is) return is;
    }
  throw new Error('nobody');
}

const with_ = (kind: (typeof deviceKinds)[number]) => people.find(({ devices }) => devices.includes(kind)) as Person;

describe('simulated people', () => {
  it('are the same for the same seed, whoever else there is, and others for another', () => {
    expect(personOf(1, 40)).toEqual(people[40]);
    const [person, kind] = [with_('cuff'), 'cuff' as const];
    expect(readingsOf(personOf(1, person.nth), kind, first)).toEqual(readingsOf(person, kind, first));
    expect(personOf(2, 40)).not.toEqual({ ...people[40], seed: 2 });
  });

  it('measure the same on a day, whatever days are asked for, and in whatever parts', () => {
    const person = with_('watch');
    const to = midnight(first + 20, homeZone) + 5 * 3_600_000;
    const long = measuredBetween(person, 'watch', to - 20 * dayMs, to);
    const middle = to - 3 * dayMs;
    const inParts = [
      ...measuredBetween(person, 'watch', to - 20 * dayMs, middle),
      ...measuredBetween(person, 'watch', middle, to),
    ];
    expect(inParts).toEqual(long);
    expect([...deliveries(person, 'watch', to - 20 * dayMs, to)].flat().length).toBeGreaterThanOrEqual(long.length);
  });

  it('sleep, are ill, travel, and have devices that fail, and whose clocks are wrong', () => {
    const watch = with_('watch');
    const pulses = days.flatMap((each) => readingsOf(watch, 'watch', each)).filter(({ code }) => code === '8867-4');
    const mean = (of: typeof pulses) => of.reduce((sum, { value }) => sum + value, 0) / of.length;
    const at = (hours: number[]) =>
      pulses.filter(({ effectiveAt }) => hours.includes(Number(effectiveAt.slice(11, 13))));
    expect(mean(at([2, 3, 4])) + 5).toBeLessThan(mean(at([11, 12, 13])));

    const ill = found(
      (person, each) =>
        dayOf(person, each).illness > 0.6 &&
        person.devices.includes('thermometer') &&
        !dayOf(person, each).broken.has('thermometer') && { person, each },
    );
    expect(readingsOf(ill.person, 'thermometer', ill.each).every(({ value }) => value > 37.5)).toBe(true);

    const away = found(
      (person, each) =>
        dayOf(person, each).zone === 'Asia/Tokyo' &&
        person.devices.includes('watch') &&
        !dayOf(person, each).broken.has('watch') && { person, each },
    );
    expect(readingsOf(away.person, 'watch', away.each)[0]?.effectiveAt).toMatch(/T00:00:00\+09:00$/);

    const broken = found(
      (person, each) => [...dayOf(person, each).broken].map((kind) => ({ person, kind, each }))[0] ?? false,
    );
    expect(readingsOf(broken.person, broken.kind, broken.each)).toEqual([]);

    const wrong = found(
      (person, each) => dayOf(person, each).clockOff.cuff === 60 && readingsOf(person, 'cuff', each)[0],
    );
    expect(Date.parse(wrong.effectiveAt) - wrong.at).toBe(3_600_000);
    const reset = found(
      (person, each) => dayOf(person, each).clockOff.cuff === -9_000_000 && readingsOf(person, 'cuff', each)[0],
    );
    expect(new Date(reset.effectiveAt).getFullYear()).toBe(2009);
  });

  it('now and then have a sensor that lost the skin, let somebody else use what is theirs, and put a weight right', () => {
    const readings = every((person, each) => person.devices.flatMap((kind) => readingsOf(person, kind, each)));
    expect(readings.some(({ code, value }) => code === '8867-4' && value === 0)).toBe(true);
    expect(readings.some(({ certainty }) => certainty === 'doubtful')).toBe(true);
    const weights = every((person, each) =>
      person.devices.includes('scale') ? [readingsOf(person, 'scale', each)] : [],
    ).filter(({ length }) => length === 2);
    for (const [wrong, right] of weights)
      expect([wrong?.sourceId, wrong?.effectiveAt]).toEqual([right?.sourceId, right?.effectiveAt]);
    expect(weights.length).toBeGreaterThan(0);
  });

  it('have nothing before its time, and what did not come through after what came later', () => {
    const late = found((person, each) => {
      if (!person.devices.includes('watch') || !dayOf(person, each).isOffline || dayOf(person, each + 1).isOffline)
        return false;
      const to = midnight(each + 3, homeZone);
      const sent = [...deliveries(person, 'watch', midnight(each - 1, homeZone), to)];
      return sent.length === 4 && { sent, to };
    });
    const begins = late.sent.map(([reading]) => reading?.at ?? 0);
    expect(begins).not.toEqual(begins.toSorted((a, b) => a - b));
    expect(late.sent.flat().every(({ at }) => at <= late.to)).toBe(true);
  });
});

describe('a simulated day', () => {
  it.each([
    ['2026-10-25', 25],
    ['2026-03-29', 23],
    ['2026-06-01', 24],
  ])('of %s has %i hours', (date, hours) => {
    const of = day(date);
    expect(midnight(of + 1, homeZone) - midnight(of, homeZone)).toBe(hours * 3_600_000);
    expect(written(midnight(of, homeZone), homeZone)).toContain(`${date}T00:00:00`);
    expect(dayAt(midnight(of, homeZone), homeZone)).toBe(of);
    const person = people.find(({ devices }) => devices.includes('sensor')) as Person;
    const times = readingsOf(person, 'sensor', of).map(({ at }) => at);
    expect(new Set(times).size).toBe(times.length);
  });
});

it('batches are as small as the gateway takes of who has not signed in, and hold all', () => {
  const person = with_('watch');
  const readings = days.flatMap((each) => readingsOf(person, 'watch', each));
  const batches = batchesOf(readings);
  expect(Math.max(...batches.map((batch) => Buffer.byteLength(batch)))).toBeLessThanOrEqual(8 * 1024);
  expect(batches.flatMap((batch) => JSON.parse(batch).readings)).toEqual(
    readings.map(({ at: _at, ...said }) => JSON.parse(JSON.stringify(said))),
  );
  expect(batchesOf([])).toEqual([]);
});
