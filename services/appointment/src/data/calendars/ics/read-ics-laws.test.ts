import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendar, event, window } from '../../../../test/ics.js';
import { merged } from '../../../domain/time/intervals.js';
import { readIcs } from './read-ics.js';

const hour = 60 * 60_000;
const day = 24 * hour;

describe('the laws of reading', () => {
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 60 });
  const spans = fc.array(fc.record({ from: minutes, length: fc.integer({ min: 1, max: 600 }) }), { maxLength: 20 });
  const base = window.start;
  const compact = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').concat('Z');
  const asEvents = (all: { start: number; end: number }[]) =>
    calendar(
      ...all.map(({ start, end }, nth) =>
        event(`DTSTART:${compact(start)}`, `DTEND:${compact(end)}`).replace('one@', `${nth}@`),
      ),
    );
  const busyOf = (text: string, within = window) => readIcs(text, { window: within, zone: 'Europe/Paris' }).busy;
  const timesOf = (given: { from: number; length: number }[]) =>
    given.map(({ from, length }) => ({ start: base + from * 60_000, end: base + (from + length) * 60_000 }));

  it('finds the same times however they are cut into events', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 600 }), (given, cut) => {
        const times = timesOf(given);
        const parts = times.flatMap(({ start, end }) => {
          const middle = Math.min(start + cut * 60_000, end);
          return [
            { start, end: middle },
            { start: middle, end },
          ].filter((each) => each.start < each.end);
        });
        expect(busyOf(asEvents(parts))).toEqual(busyOf(asEvents(times)));
        expect(busyOf(asEvents(times)).map(({ start, end }) => ({ start, end }))).toEqual(merged(times));
      }),
      { numRuns: 60 },
    );
  });

  it('finds the same times in one look and in two that meet', () => {
    const rules = fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE', 'FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=YEARLY');
    fc.assert(
      fc.property(
        rules,
        minutes,
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 364 }),
        (rule, from, length, at) => {
          const start = compact(base - 30 * day + from * 60_000).slice(0, -1);
          const text = calendar(event(`DTSTART;TZID=Europe/Paris:${start}`, `DURATION:PT${length}M`, `RRULE:${rule}`));
          const middle = window.start + at * day;
          const [one, two] = [
            busyOf(text, { start: window.start, end: middle }),
            busyOf(text, { start: middle, end: window.end }),
          ];
          expect(merged([...one, ...two])).toEqual(merged(busyOf(text)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loses nothing unsaid: each event takes its time, takes none, or is a problem', () => {
    const good: fc.Arbitrary<string[]> = fc.constantFrom(
      ['DURATION:PT30M'],
      ['DURATION:PT30M', 'CATEGORIES', 'a line that is none', ';:,"', 'BEGIN:VALARM\r\nDTSTART:x\r\nEND:VALARM'],
      ['DTEND:20500101T000000', 'DURATION:PT1H', 'EXDATE:', 'RRULE:'],
      ['DURATION:PT1H', 'STATUS:TENTATIVE', 'X-ODD;A=B:C', 'SUMMARY;LANGUAGE=fr:Une longue\r\n  ligne'],
    );
    const free = fc.constantFrom(
      ['DURATION:PT1H', 'TRANSP:TRANSPARENT'],
      ['DURATION:soon', 'STATUS:CANCELLED', 'EXRULE:FREQ=DAILY'],
      ['X-MICROSOFT-CDO-BUSYSTATUS:FREE', 'RRULE:FREQ=SECONDLY'],
      ['DURATION:PT0S'],
    );
    const odd = fc.constantFrom(
      ['DURATION:PT1.5H'],
      ['DTEND:'],
      ['DURATION:-PT1H'],
      ['DTEND:19990101T000000Z'],
      ['DURATION:PT1H', 'RRULE:FREQ=SECONDLY'],
      ['DURATION:PT1H', 'RRULE:RSCALE=CHINESE;FREQ=YEARLY'],
      ['DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=soon'],
      ['DURATION:PT1H', 'EXRULE:FREQ=WEEKLY'],
      ['DURATION:PT1H', 'RDATE:20261341T000000Z'],
      ['DURATION:PT1H', 'EXDATE:20261123T090000Z,soon'],
      ['DURATION:PT1H', 'EXDATE:'.padEnd(200_000, 'X')],
      ['DURATION:PT1H', 'RDATE;VALUE=PERIOD:20261203T130000Z/-PT1H'],
    );
    const kinds = fc.oneof(
      good.map((lines) => ({ lines, kind: 'taken' })),
      free.map((lines) => ({ lines, kind: 'free' })),
      odd.map((lines) => ({ lines, kind: 'problem' })),
    );
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 40 }), (all) => {
        const text = calendar(
          ...all.map(({ lines }, nth) =>
            event(`DTSTART:${compact(base + (nth + 1) * day)}`, ...lines).replace('one@', `${nth}@`),
          ),
        );
        const { busy, problems } = readIcs(text, { window, zone: 'Europe/Paris' });
        const count = (wanted: string) => all.filter(({ kind }) => kind === wanted).length;
        const takenBy = (nth: number) => busy.some(({ start }) => start === base + (nth + 1) * day);
        expect(problems.reduce((sum, { count: n }) => sum + n, 0)).toBe(count('problem'));
        for (const [nth, { kind }] of all.entries())
          if (kind !== 'problem') expect(takenBy(nth)).toBe(kind === 'taken');
      }),
      { numRuns: 200 },
    );
  });
});
