import { type Adapted, joined, leaveOut } from '../adapters/json.js';
import { atOffset, instantIn } from '../adapters/times.js';
import { Unreadable } from '../errors.js';
import type { SourceReading } from '../reading.js';
import type { FileReader } from './file-reader.js';
import { type FitMessage, fitMessages } from './fit-messages.js';

/** Of a year of training one file each; none comes near this. */
const bytesMax = 16 * 1024 * 1024;

/** 1989-12-31, from when FIT counts seconds. */
const epochSeconds = 631_065_600;
const timestamp = 253;

interface Measured {
  field: number;
  code: string;
  unit: string;
  /** The value is what stands there, divided by it. */
  scale: number;
}
const measured = (field: number, code: string, unit: string, scale = 1): Measured => ({ field, code, unit, scale });

/** https://developer.garmin.com/fit/: global message numbers, and what of them is kept here. */
const kinds: Record<number, { name: string; measures: Measured[] }> = {
  20: { name: 'record', measures: [measured(3, '8867-4', '/min')] },
  30: {
    name: 'weight_scale',
    measures: [
      measured(0, '29463-7', 'kg', 100),
      measured(1, '41982-0', '%', 100),
      measured(13, '39156-5', 'kg/m2', 10),
    ],
  },
  51: {
    name: 'blood_pressure',
    measures: [measured(0, '8480-6', 'mm[Hg]'), measured(1, '8462-4', 'mm[Hg]'), measured(6, '8867-4', '/min')],
  },
  // Its steps count up over the day, anew for each activity: no amount of a while can be made of one of them.
  55: { name: 'monitoring', measures: [measured(27, '8867-4', '/min')] },
  269: { name: 'spo2_data', measures: [measured(0, '59408-5', '%')] },
  297: { name: 'respiration_rate', measures: [measured(0, '9279-1', '/min', 100)] },
};

const [fileId, activity, monitoringInfo, monitoring] = [0, 34, 103, 55];
/** A scale that is still weighing says so in the place of the weight. */
const weighing = 0xfffe;
const timestamp16 = 26;

/** Reads FIT files of watches, scales and cuffs, which mean nothing before they are whole. */
export const garminFit: FileReader = {
  read({ bytes, isLast, context, zone }) {
    if (bytes.length > bytesMax) throw new Unreadable('has more than 16 MiB; send it as several files');
    if (!isLast) return { readings: [], leftOut: [], rest: bytes, context };
    return { ...adapted(fitMessages(bytes), zone), rest: Buffer.alloc(0), context };
  },
};

function adapted(messages: FitMessage[], zone: string): Adapted {
  const offset = offsetIn(messages);
  const origin = originIn(messages);
  let last = 0;
  return joined(
    messages.map(({ kind, fields }) => {
      last = timeOf({ kind, fields }, last);
      const known = kinds[kind];
      if (!known) return leaveOut(`message ${kind}`);
      const readings = known.measures.flatMap(({ field, code, unit, scale }): SourceReading[] => {
        const value = fields.get(field);
        if (value === undefined || (kind === 30 && value === weighing)) return [];
        const effectiveAt = last === 0 ? undefined : written((last + epochSeconds) * 1_000, offset, zone);
        return [{ code, value: value / scale, unit, effectiveAt, origin }];
      });
      return readings.length > 0 ? { readings, leftOut: [] } : leaveOut(known.name);
    }),
  );
}

/** Of monitoring the last sixteen bits may stand alone: so long after the last whole time. */
function timeOf({ kind, fields }: FitMessage, last: number): number {
  const whole = fields.get(timestamp);
  if (whole !== undefined) return whole;
  const low = fields.get(timestamp16);
  return kind === monitoring && low !== undefined && last > 0 ? last + ((low - last) & 0xffff) : last;
}

/** By which the clock that was worn was ahead of UTC, in minutes, where the file says so. */
function offsetIn(messages: FitMessage[]): number | undefined {
  for (const { kind, fields } of messages) {
    const local = kind === activity ? fields.get(5) : kind === monitoringInfo ? fields.get(0) : undefined;
    const utc = fields.get(timestamp);
    if (local === undefined || utc === undefined) continue;
    const minutes = Math.round((local - utc) / 900) * 15;
    if (Math.abs(minutes) <= 14 * 60) return minutes;
  }
  return undefined;
}

function originIn(messages: FitMessage[]): string | undefined {
  const fields = messages.find(({ kind }) => kind === fileId)?.fields;
  const parts = [1, 2, 3].flatMap((field) => fields?.get(field) ?? []);
  return parts.length > 0 ? `FIT ${parts.join('-')}` : undefined;
}

const written = (ms: number, offset: number | undefined, zone: string): string | undefined =>
  offset === undefined ? instantIn(ms, zone) : atOffset(instantIn(ms, 'utc'), offset * 60);
