import type { SourceReading } from '../reading.js';
import { type Adapted, type Adapter, at, joined, leaveOut, list, nothing, number, text } from './json.js';
import { readLocal } from './times.js';

/**
 * What https://dev.fitbit.com/build/reference/web-api/ answers, or an export has, each file as it comes. All of its times are those
 * of the account's clock, without an offset, so the night in which clocks go back has an hour twice.
 */
export const fitbit: Adapter = (document, { zone }) => {
  if (Array.isArray(document)) return joined(document.map((item) => ofExport(item, zone)));
  if (typeof document !== 'object' || document === null) return nothing;
  return joined(Object.keys(document).map((name) => ofAnswer(name, document, zone)));
};

function ofAnswer(name: string, document: unknown, zone: string): Adapted {
  const items = list(document, name);
  switch (name) {
    case 'activities-heart':
      return joined(
        items.flatMap((day) => {
          const value = number(day, 'value', 'restingHeartRate');
          if (value === undefined) return [];
          return [one('40443-4', value, '/min', `${text(day, 'dateTime')}T00:00:00`, zone)];
        }),
      );
    case 'activities-heart-intraday':
      return intraday(document, name, '8867-4', '/min', zone);
    case 'activities-steps-intraday':
      return intraday(document, name, '55423-8', '{steps}', zone);
    case 'weight':
      return joined(items.map((log) => weight(log, zone)));
    // Of all the day, beside its minutes: they would be counted twice.
    case 'activities-steps':
      return { readings: [], leftOut: items.map(() => name) };
    default:
      return items.length > 0 ? { readings: [], leftOut: items.map(() => name) } : leaveOut(name);
  }
}

/** `{"time": "00:00:05", "value": 68}`, of the day that stands in the part beside. */
function intraday(document: unknown, name: string, code: string, unit: string, zone: string): Adapted {
  const day = text(list(document, name.replace('-intraday', ''))[0], 'dateTime');
  return joined(
    list(document, name, 'dataset').map((item) =>
      one(code, number(item, 'value'), unit, `${day}T${text(item, 'time')}`, zone),
    ),
  );
}

/** In an export: `{"dateTime": "11/20/26 07:15:05", "value": {"bpm": 68, "confidence": 3}}`. */
function ofExport(item: unknown, zone: string): Adapted {
  if (at(item, 'logId') !== undefined && at(item, 'weight') !== undefined) return weight(item, zone);
  const time = american(text(item, 'dateTime'));
  if (at(item, 'value', 'bpm') !== undefined) {
    // Nothing was felt: the number is a guess.
    if (number(item, 'value', 'confidence') === 0) return leaveOut('heart rate without confidence');
    return one('8867-4', number(item, 'value', 'bpm'), '/min', time, zone);
  }
  return leaveOut(at(item, 'value') === undefined ? 'unknown' : 'value without a name');
}

function weight(log: unknown, zone: string): Adapted {
  const read = readLocal(`${american(text(log, 'date'))}T${text(log, 'time')}`, zone);
  const reading: SourceReading = {
    code: '29463-7',
    value: number(log, 'weight'),
    // Of the account's own system of units when it is asked in that; we ask for the metric one.
    unit: 'kg',
    effectiveAt: read.at,
    flags:
      text(log, 'source') === 'API' || text(log, 'source') === 'Web' ? ['typed', ...(read.flags ?? [])] : read.flags,
    sourceId: text(log, 'logId'),
    origin: text(log, 'source'),
  };
  return { readings: [reading], leftOut: [] };
}

/** `11/20/26 07:15:05` as `2026-11-20T07:15:05`; what is written otherwise stays as it is. */
const american = (written: string | undefined): string | undefined =>
  written?.replace(
    /^(\d{2})\/(\d{2})\/(\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/,
    (_, month, day, year, time) => `20${year}-${month}-${day}${time ? `T${time}` : ''}`,
  );

function one(
  code: string,
  value: number | undefined,
  unit: string,
  written: string | undefined,
  zone: string,
): Adapted {
  const { at: effectiveAt, flags } = readLocal(written, zone);
  return { readings: [{ code, value, unit, effectiveAt, flags }], leftOut: [] };
}
