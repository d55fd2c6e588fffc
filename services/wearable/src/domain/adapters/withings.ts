import type { Certainty, Flag, SourceReading } from '../reading.js';
import { readZone } from '../zones.js';
import { type Adapted, type Adapter, joined, leaveOut, list, number, text } from './json.js';
import { instantIn } from './times.js';

/** https://developer.withings.com/api-reference/#tag/measure/operation/measure-getmeas: `meastype`, and what it is here. */
const types: Record<number, [code: string, unit: string]> = {
  1: ['29463-7', 'kg'],
  4: ['8302-2', 'm'],
  6: ['41982-0', '%'],
  9: ['8462-4', 'mm[Hg]'],
  10: ['8480-6', 'mm[Hg]'],
  11: ['8867-4', '/min'],
  12: ['8310-5', 'Cel'],
  54: ['59408-5', '%'],
  71: ['8310-5', 'Cel'],
};

/** What the source says of whose a measurement is. */
const attributes: Record<number, { certainty?: Certainty; flags?: Flag[] }> = {
  0: {},
  // On the scale stood somebody; it may be another of the household.
  1: { certainty: 'doubtful' },
  2: { flags: ['typed'] },
  // Typed when the account was made, of whatever day.
  4: { certainty: 'likely', flags: ['typed'] },
  5: {},
  7: {},
  8: {},
  15: { certainty: 'likely' },
  17: { certainty: 'likely' },
};

/** What `getmeas` answers. A value is `value * 10^unit`; category 2 is what somebody would like to weigh. */
export const withings: Adapter = (document, { zone: usual }) => {
  // Each is looked for once; what is none is left to the usual one.
  const zones = new Map<string, string | undefined>();
  const zoneOf = (said: string | undefined): string | undefined => {
    if (said === undefined) return undefined;
    if (!zones.has(said)) zones.set(said, readZone(said));
    return zones.get(said);
  };
  const zone = zoneOf(text(document, 'body', 'timezone')) ?? usual;
  return joined(
    list(document, 'body', 'measuregrps').map((group) => ofGroup(group, zoneOf(text(group, 'timezone')) ?? zone)),
  );
};

function ofGroup(group: unknown, zone: string): Adapted {
  if (number(group, 'category') === 2) return leaveOut('goal');
  const seconds = number(group, 'date');
  const effectiveAt = instantIn(seconds === undefined ? undefined : seconds * 1_000, zone);
  // An attribute that came later is one of which nobody knows whose the measurement is.
  const said = attributes[number(group, 'attrib') ?? 0] ?? { certainty: 'doubtful' as const };
  const common = {
    effectiveAt,
    sourceId: text(group, 'grpid'),
    origin: text(group, 'hash_deviceid') ?? text(group, 'deviceid'),
  };
  return joined(
    list(group, 'measures').map((measure) => {
      const type = number(measure, 'type');
      const [code, unit] = (type === undefined ? undefined : types[type]) ?? [];
      if (code === undefined) return leaveOut(`meastype ${type ?? 'unknown'}`);
      const reading: SourceReading = { ...common, ...said, code, unit, value: scaled(measure) };
      return { readings: [reading], leftOut: [] };
    }),
  );
}

function scaled(measure: unknown): number | undefined {
  const [value, exponent] = [number(measure, 'value'), number(measure, 'unit')];
  // Not by multiplying with a power, of which 82.35 would become 82.35000000000001.
  return value === undefined || exponent === undefined ? undefined : Number(`${value}e${exponent}`);
}
