import type { SourceReading } from '../reading.js';
import { type Adapted, type Adapter, at, joined, leaveOut, list, number, text } from './json.js';
import { readLocal } from './times.js';

/**
 * What the collections of https://cloud.ouraring.com/v2/docs answer, each as it comes: a collection is known by what its items have.
 * A night is of the time at which somebody got up, with its offset: by its `day` alone it would be a night too early or too late.
 */
export const oura: Adapter = (document, { zone }) => joined(list(document, 'data').map((item) => ofItem(item, zone)));

function ofItem(item: unknown, zone: string): Adapted {
  if (at(item, 'bpm') !== undefined)
    return one({
      code: '8867-4',
      value: number(item, 'bpm'),
      unit: '/min',
      effectiveAt: readLocal(text(item, 'timestamp'), zone).at,
      origin: text(item, 'source'),
    });
  if (at(item, 'bedtime_end') !== undefined) return ofNight(item, zone);
  if (at(item, 'spo2_percentage') !== undefined) {
    const { at: effectiveAt, flags } = readLocal(dayOf(item), zone);
    return one({
      ...ided(item),
      code: '59408-5',
      value: number(item, 'spo2_percentage', 'average'),
      unit: '%',
      effectiveAt,
      flags,
    });
  }
  if (at(item, 'steps') !== undefined) {
    const begins = readLocal(text(item, 'timestamp') ?? dayOf(item), zone);
    return one({
      ...ided(item),
      code: '55423-8',
      value: number(item, 'steps'),
      unit: '{steps}',
      effectiveAt: begins.at,
      flags: begins.flags,
    });
  }
  return leaveOut(text(item, 'activity') ?? text(item, 'type') ?? 'unknown');
}

function ofNight(item: unknown, zone: string): Adapted {
  const [begins, ends] = [readLocal(text(item, 'bedtime_start'), zone), readLocal(text(item, 'bedtime_end'), zone)];
  const common = { ...ided(item), effectiveAt: begins.at, endAt: ends.at, flags: begins.flags };
  const all: [code: string, value: number | undefined, unit: string][] = [
    ['93832-4', number(item, 'total_sleep_duration'), 's'],
    ['40443-4', number(item, 'lowest_heart_rate'), '/min'],
    ['80404-7', number(item, 'average_hrv'), 'ms'],
    ['9279-1', number(item, 'average_breath'), '/min'],
  ];
  // What a ring did not catch in a night is null, and no reading.
  return joined(
    all.flatMap(([code, value, unit]) => (value === undefined ? [] : [one({ ...common, code, value, unit })])),
  );
}

const ided = (item: unknown) => ({ sourceId: text(item, 'id'), origin: 'ring' });
const dayOf = (item: unknown): string | undefined => {
  const day = text(item, 'day');
  return day && `${day}T00:00:00`;
};
const one = (reading: SourceReading): Adapted => ({ readings: [reading], leftOut: [] });
