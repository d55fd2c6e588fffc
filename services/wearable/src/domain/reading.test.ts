import { InvalidInput } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inKeptUnit, measures } from './measures.js';
import { flags, fromBits, readReading, type SourceReading, toBits, writeTime } from './reading.js';

const now = new Date('2026-11-20T10:00:00Z');
const context = { source: 'app', now };
const pulse: SourceReading = { code: '8867-4', value: 72, unit: '/min', effectiveAt: '2026-11-20T09:00:00+01:00' };
const read = (changes: SourceReading = {}) => readReading({ ...pulse, ...changes }, context);

function problemsOf(said: SourceReading): string[] {
  try {
    readReading(said, context);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.fields.map(({ path, code }) => `${path} ${code}`);
  }
}

describe('a reading', () => {
  it('is kept in the unit of its code, with the offset of the place where it was', () => {
    const fever = readReading(
      { code: '8310-5', value: '101,3', unit: '[degF]', effectiveAt: '2026-11-19T22:00:00-04:00' },
      context,
    );
    expect(fever).toMatchObject({ code: '8310-5', value: 38.5, certainty: 'sure', flags: [] });
    expect(writeTime(fever.effectiveAt)).toBe('2026-11-19T22:00:00.000-04:00');
  });

  it.each<[string, SourceReading, string[]]>([
    ['nothing at all', {}, ['code REQUIRED', 'value REQUIRED', 'unit REQUIRED', 'effectiveAt REQUIRED']],
    ['a code that is not kept', { ...pulse, code: '1234-5' }, ['code NOT_KEPT_HERE']],
    ['a unit that does not fit', { ...pulse, unit: 'mg/dL' }, ['unit UNIT_DOES_NOT_FIT']],
    ['a unit that every object has', { ...pulse, unit: 'toString' }, ['unit UNIT_DOES_NOT_FIT']],
    ['no number', { ...pulse, value: 'NaN' }, ['value NOT_A_NUMBER']],
    ['an endless one', { ...pulse, value: 'Infinity' }, ['value NOT_A_NUMBER']],
    ['one in other digits', { ...pulse, value: '0x48' }, ['value NOT_A_NUMBER']],
    ['a huge one', { ...pulse, value: 1e12 }, ['value NOT_A_NUMBER']],
    ['a time without offset', { ...pulse, effectiveAt: '2026-11-20T09:00:00' }, ['effectiveAt INVALID_TIME']],
    ['a day that is none', { ...pulse, effectiveAt: '2026-02-30T09:00:00Z' }, ['effectiveAt NO_SUCH_TIME']],
    ['a time to come', { ...pulse, effectiveAt: '2026-11-20T10:06:00Z' }, ['effectiveAt IN_THE_FUTURE']],
    ['an end before its beginning', { ...pulse, endAt: '2026-11-20T07:59:00Z' }, ['endAt END_BEFORE_START']],
    [
      'all at once',
      { code: 'x', value: '', unit: 'y', effectiveAt: 'z' },
      ['code NOT_KEPT_HERE', 'value NOT_A_NUMBER', 'effectiveAt INVALID_TIME'],
    ],
  ])('with %s is refused, with the field and a code', (_, said, problems) => {
    expect(problemsOf(said)).toEqual(problems);
  });

  it('a little ahead of our clock is believed', () => {
    expect(problemsOf({ ...pulse, effectiveAt: '2026-11-20T10:04:00Z' })).toEqual([]);
  });

  it('that nobody living has is kept and flagged, and no flag of a source hides or invents that', () => {
    expect(read({ value: 600 }).flags).toEqual(['implausible']);
    expect(read({ value: 60, flags: ['implausible', 'device-clock'] }).flags).toEqual(['device-clock']);
  });

  it('is as doubtful as the less sure of the source and of whom the device is with', () => {
    const certainty = (said: SourceReading['certainty'], known: SourceReading['certainty']) =>
      readReading({ ...pulse, certainty: said }, { ...context, certainty: known }).certainty;
    expect(certainty('likely', 'sure')).toBe('likely');
    expect(certainty('sure', 'doubtful')).toBe('doubtful');
    expect(certainty(undefined, undefined)).toBe('sure');
  });
});

describe('the identity of a reading', () => {
  it('is that of the source where it gives one: a corrected value or time is the same reading, of other content', () => {
    const [first, corrected] = [read({ sourceId: 'a' }), read({ sourceId: 'a', value: 73 })];
    const shifted = read({ sourceId: 'a', effectiveAt: '2026-11-20T03:00:00+01:00' });
    expect([corrected.identity, shifted.identity]).toEqual([first.identity, first.identity]);
    expect(new Set([first, corrected, shifted].map(({ contentHash }) => contentHash)).size).toBe(3);
  });

  it.each<[string, SourceReading]>([
    ['value', { value: 73 }],
    ['time', { effectiveAt: '2026-11-20T09:00:01+01:00' }],
    ['device', { origin: 'another watch' }],
  ])('is otherwise another with another %s', (_, changes) => {
    expect(read(changes).identity).not.toBe(read().identity);
  });

  it('is the same at the same instant, whatever the offset it is written with', () => {
    expect(read({ effectiveAt: '2026-11-20T08:00:00Z' }).identity).toBe(read().identity);
  });

  it('of two sources or two codes never meets', () => {
    const other = readReading({ ...pulse, sourceId: 'a' }, { ...context, source: 'oura' });
    const pressure = read({ sourceId: 'a', code: '8480-6', unit: 'mm[Hg]', value: 120 });
    expect(new Set([read({ sourceId: 'a' }), other, pressure].map(({ identity }) => identity)).size).toBe(3);
  });

  it('does not change when we become surer whose the device is', () => {
    const doubtful = readReading(pulse, { ...context, certainty: 'doubtful' });
    expect([doubtful.identity, doubtful.contentHash]).toEqual([read().identity, read().contentHash]);
  });
});

it('every measure says for which units it is, and takes its own as it is', () => {
  for (const measure of measures) {
    expect(inKeptUnit(measure, 1.25, measure.unit)).toBe(1.25);
    expect(inKeptUnit(measure, 1, 'furlong')).toBeUndefined();
    expect(measure.plausible[0]).toBeLessThan(measure.plausible[1]);
  }
});

it('flags come back from their bits', () => {
  fc.assert(
    fc.property(fc.subarray([...flags]), (some) => {
      expect(fromBits(toBits(some))).toEqual(some);
    }),
  );
});

it('whatever is said, a reading is taken or refused with fields, and nothing else happens', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('8867-4', '/min', '2026-11-20T09:00:00Z', '72', 'NaN', '-0'));
  const said = fc.record(
    {
      code: text,
      value: fc.oneof(text, fc.double()),
      unit: text,
      effectiveAt: text,
      endAt: text,
      sourceId: fc.string(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(said, (each) => {
      const problems = problemsOf(each);
      if (problems.length === 0) expect(Number.isFinite(readReading(each, context).value)).toBe(true);
    }),
  );
});
