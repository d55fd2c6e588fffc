import { describe, expect, it } from 'vitest';
import type { Format } from '../file-import.js';
import { readerOf } from './readers.js';

const mebibyte = 1024 * 1024;
const zone = 'Europe/Paris';
const read = (format: Format, text: string) =>
  readerOf(format).read({ bytes: Buffer.from(text), isLast: true, context: {}, zone }).readings;

/** A Dexcom record, with all that one has. */
const record = (nth: number) => ({
  recordId: `id-${nth}`,
  systemTime: new Date(Date.UTC(2026, 7, 1) + nth * 300_000).toISOString(),
  displayTime: new Date(Date.UTC(2026, 7, 1, 2) + nth * 300_000).toISOString(),
  ...{ transmitterId: 'x', transmitterTicks: nth, value: 110, trend: 'flat', trendRate: 0.1 },
  ...{ unit: 'mg/dL', rateUnit: 'mg/dL/min', displayDevice: 'iOS', transmitterGeneration: 'g7', displayApp: 'G7' },
});

describe('a file as large as a source gives', () => {
  it('is read: ninety days of a glucose sensor', () => {
    const records = Array.from({ length: 90 * 288 }, (_, nth) => record(nth));
    expect(read('dexcom', JSON.stringify({ recordType: 'egv', records }))).toHaveLength(records.length);
  });

  it('is read: a part full of the shortest lines that a table of readings has', () => {
    const line = '8867-4,6,/min,2026-11-19T08:00Z\r\n';
    const lines = Math.floor((4 * mebibyte) / line.length);
    expect(read('csv', `code,value,unit,effectiveAt\r\n${line.repeat(lines)}`)).toHaveLength(lines);
  });
});

it('a document that has too much is refused for that before it is looked at', () => {
  // It does not end, which is what reading it would find.
  expect(() => read('dexcom', `{"records":[${'{},'.repeat(400_000)}`)).toThrow(
    expect.objectContaining({ detail: 'file: has more than 400,000 values; send it as several files' }),
  );
});
