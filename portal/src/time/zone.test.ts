import { describe, expect, it, vi } from 'vitest';
import {
  ageOn,
  clockAt,
  dateAt,
  dateInWords,
  dayAt,
  formatIn,
  instantAt,
  isOtherClock,
  isSecondTime,
  isShownTwice,
  isSkipped,
  minutesAt,
  momentAt,
  timeAt,
  zoneInWords,
} from './zone.ts';

const paris = 'Europe/Paris';

describe('the clock of the practice', () => {
  it('shows times and days of its own zone, whatever the reader’s is', () => {
    const start = '2026-11-23T23:30:00Z';
    expect([timeAt(start, paris, 'fr'), dateAt(start, paris), dayAt(start, paris, 'fr')]).toEqual([
      '00:30',
      '2026-11-24',
      'mardi 24 novembre 2026',
    ]);
    expect([timeAt(start, 'Indian/Reunion', 'en'), dateAt(start, 'Indian/Reunion')]).toEqual(['03:30', '2026-11-24']);
  });

  it('calls the first of a month in French what the French do', () => {
    const first = '2026-12-01T09:00:00Z';
    expect([dayAt(first, paris, 'fr'), momentAt(first, paris, 'fr'), dateInWords('2027-01-01', 'fr')]).toEqual([
      'mardi 1er décembre 2026',
      '1er déc. 2026, 10:00',
      '1er janvier 2027',
    ]);
    expect([dayAt('2026-12-11T09:00:00Z', paris, 'fr'), timeAt('2026-12-01T00:01:00Z', paris, 'fr')]).toEqual([
      'vendredi 11 décembre 2026',
      '01:01',
    ]);
    expect(dateInWords('2026-12-01', 'en')).not.toContain('1er');
  });

  it('says which times it skips when it is put forward, and which of two alike comes second', () => {
    expect(['01:30', '02:00', '02:59', '03:00'].map((time) => isSkipped('2026-03-29', time, paris))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isSkipped('2026-10-25', '02:30', paris)).toBe(false);
    expect(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((each) => isSecondTime(each, paris))).toEqual([
      false,
      true,
    ]);
  });

  it('tells apart the hours that it shows twice when it is put back, and no others', () => {
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
    expect([first, second].map((each) => minutesAt(each, paris))).toEqual([150, 150]);
    expect([first, second].map((each) => isShownTwice(each, paris))).toEqual([true, true]);
    expect(timeAt(first, paris, 'en')).not.toBe(timeAt(second, paris, 'en'));
    for (const once of ['2026-10-24T23:30:00Z', '2026-10-25T02:00:00Z', '2026-03-29T01:30:00Z'])
      expect([once, isShownTwice(once, paris)]).toEqual([once, false]);
  });

  it.each([
    [paris, '2026-03-29T00:00:00Z'],
    [paris, '2026-10-25T00:00:00Z'],
    ['America/St_Johns', '2026-11-01T03:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T14:00:00Z'],
    ['Asia/Kathmandu', '2026-06-30T18:00:00Z'],
    ['Pacific/Apia', '2011-12-30T08:00:00Z'],
  ])('says what the browser says, minute by minute, also around a change of the clock: %s, %s', (zone, begin) => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    for (let at = Date.parse(begin); at < Date.parse(begin) + 4 * 3_600_000; at += 7 * 60_000) {
      const instant = new Date(at).toISOString();
      expect([instant, `${dateAt(instant, zone)}, ${clockAt(instant, zone)}`]).toEqual([instant, format.format(at)]);
    }
  });

  it('finds the instant of a time that is typed, in summer, in winter and on both nights of the change', () => {
    const at = (date: string, time: string) => instantAt(date, time, paris);
    expect(at('2026-07-01', '09:00')).toBe('2026-07-01T07:00:00.000Z');
    expect(at('2026-12-01', '09:00')).toBe('2026-12-01T08:00:00.000Z');
    // Shown twice: the first.
    expect(at('2026-10-25', '02:30')).toBe('2026-10-25T00:30:00.000Z');
    // But for what is moved within the hour when it comes again.
    expect(instantAt('2026-10-25', '02:30', paris, '2026-10-25T01:00:00Z')).toBe('2026-10-25T01:30:00.000Z');
    expect(instantAt('2026-10-25', '02:30', paris, '2026-10-24T23:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
    // Skipped: what the clock shows instead, an hour later.
    expect(timeAt(at('2026-03-29', '02:30'), paris, 'en')).toBe('03:30');
    expect(at('2026-10-25', '03:00')).toBe('2026-10-25T02:00:00.000Z');
  });
});

it('counts whole years, on the birthday and the day before', () => {
  expect([ageOn('2008-02-29', '2026-02-28'), ageOn('2008-02-29', '2026-03-01')]).toEqual([17, 18]);
});

describe('dates in English', () => {
  const spoken = (browser: string) => {
    const language = vi.spyOn(navigator, 'language', 'get').mockReturnValue(browser);
    const at = new Date('2026-11-23T13:30:00Z');
    const moment = formatIn('en', { timeZone: paris, dateStyle: 'short', timeStyle: 'short' }).format(at);
    const said = [moment, dateInWords('2026-11-23', 'en')];
    language.mockRestore();
    return said;
  };

  it.each(['en', 'en-GB', 'fr-FR', 'en-AU'])(
    'have the day before the month, and 24 hours, in a browser that speaks %s',
    (browser) => {
      expect(spoken(browser)).toEqual(['23/11/2026, 14:30', '23 November 2026']);
    },
  );

  it('are American where the browser is', () => {
    expect(spoken('en-US')).toEqual([expect.stringMatching(/^11\/23\/26, 2:30\sPM$/), 'November 23, 2026']);
  });
});

it('names a zone in words, and tells whether its clock shows another time', () => {
  const at = '2026-11-23T08:00:00Z';
  expect([zoneInWords(at, 'Indian/Reunion', 'en'), zoneInWords(at, 'Indian/Reunion', 'fr')]).toEqual([
    'Réunion Time',
    'heure de La Réunion',
  ]);
  expect(['Indian/Reunion', 'Europe/Madrid', paris].map((zone) => isOtherClock(at, zone, paris))).toEqual([
    true,
    false,
    false,
  ]);
});
