import { IANAZone } from 'luxon';
import { afterEach, expect, it, vi } from 'vitest';
import type { Format } from '../file-import.js';
import { readerOf } from '../files/readers.js';
import type { SourceReading } from '../reading.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const read = (format: Format, document: object): SourceReading[] =>
  readerOf(format).read({
    bytes: Buffer.from(JSON.stringify(document)),
    isLast: true,
    context: {},
    zone: 'Europe/Paris',
  }).readings;

const step = (said: object) => ({ type: 'StepsRecord', count: 5, startTime: '2026-11-20T08:00:00Z', ...said });

// Luxon keeps each for as long as the process runs, so that files of many names would fill its memory.
it.each<[string, Format, object, string | undefined]>([
  [
    'a zone that there is not, and the usual one stands in',
    'withings',
    {
      body: {
        measuregrps: [{ date: 1_795_161_600, timezone: 'Mars/Olympus', measures: [{ type: 1, value: 7, unit: 1 }] }],
      },
    },
    '2026-11-20T09:00:00+01:00',
  ],
  [
    'an offset that no clock has',
    'health-connect',
    { records: [step({ startZoneOffset: { totalSeconds: 987_654_321 } })] },
    '2026-11-20T08:00:00Z',
  ],
  [
    'a zone that there is not behind a time',
    'health-connect',
    { records: [step({ startTime: '2026-11-20T08:00:00Z[Mars/Olympus]', startZoneOffset: { totalSeconds: 3_600 } })] },
    '2026-11-20T08:00:00Z[Mars/Olympus]',
  ],
  [
    'a zone that there is not behind a time on a clock',
    'oura',
    { data: [{ steps: 5, timestamp: '2026-11-20T08:00:00[Mars/Olympus]' }] },
    '2026-11-20T08:00:00[Mars/Olympus]',
  ],
])('of a file nothing remembers %s', (_, format, document, effectiveAt) => {
  const remembered = vi.spyOn(IANAZone, 'create');
  expect(read(format, document).map((reading) => reading.effectiveAt)).toEqual([effectiveAt]);
  expect(remembered.mock.calls.filter(([name]) => name !== 'Europe/Paris')).toEqual([]);
});
