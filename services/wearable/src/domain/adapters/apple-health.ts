import type { SourceReading } from '../reading.js';
import { type Adapted, leaveOut } from './json.js';
import { readLocal } from './times.js';

type Kind = [code: string, units: Record<string, string>, factor?: number];

const perMinute = { 'count/min': '/min' };
const fraction: Record<string, string> = { '%': '%' };

/** What of an export of Apple Health is kept here, with UCUM for its units. A percentage is written as a fraction of one. */
const kinds: Record<string, Kind> = {
  ActiveEnergyBurned: ['41981-2', { kcal: 'kcal', Cal: 'kcal', kJ: 'kJ' }],
  // Molar mass of glucose and all.
  BloodGlucose: ['2339-0', { 'mg/dL': 'mg/dL', 'mmol<180.1558800000541>/L': 'mmol/L', 'mmol/L': 'mmol/L' }],
  BloodPressureDiastolic: ['8462-4', { mmHg: 'mm[Hg]' }],
  BloodPressureSystolic: ['8480-6', { mmHg: 'mm[Hg]' }],
  BodyFatPercentage: ['41982-0', fraction, 100],
  BodyMass: ['29463-7', { kg: 'kg', lb: '[lb_av]', g: 'g' }],
  BodyMassIndex: ['39156-5', { count: 'kg/m2' }],
  BodyTemperature: ['8310-5', { degC: 'Cel', degF: '[degF]' }],
  HeartRate: ['8867-4', perMinute],
  HeartRateVariabilitySDNN: ['80404-7', { ms: 'ms' }],
  Height: ['8302-2', { cm: 'cm', m: 'm', ft: '[ft_i]', in: '[in_i]' }],
  OxygenSaturation: ['59408-5', fraction, 100],
  PeakExpiratoryFlowRate: ['19935-6', { 'L/min': 'L/min' }],
  RespiratoryRate: ['9279-1', perMinute],
  RestingHeartRate: ['40443-4', perMinute],
  StepCount: ['55423-8', { count: '{steps}' }],
};

const prefix = 'HKQuantityTypeIdentifier';
const amounts = new Set(['StepCount', 'ActiveEnergyBurned']);

export interface AppleRecord {
  attributes: Record<string, string>;
  isTyped: boolean;
}

/** One `Record` of an export. It has no id of its own: all that tells it apart from others is its identity. */
export function appleRecord({ attributes, isTyped }: AppleRecord, zone: string): Adapted {
  const { type = 'unknown' } = attributes;
  const name = type.startsWith(prefix) ? type.slice(prefix.length) : '';
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) return leaveOut(type.slice(0, 100));
  const [code, units, factor = 1] = kind;
  const unit = attributes.unit ?? '';
  const begins = readLocal(attributes.startDate, zone);
  const reading: SourceReading = {
    code,
    value: scaled(attributes.value, factor),
    unit: Object.hasOwn(units, unit) ? units[unit] : unit.slice(0, 40),
    effectiveAt: begins.at,
    endAt: amounts.has(name) ? readLocal(attributes.endDate, zone).at : undefined,
    origin: originOf(attributes),
    flags: isTyped ? ['typed', ...(begins.flags ?? [])] : begins.flags,
  };
  return { readings: [reading], leftOut: [] };
}

/** 0.97 is 97 %, and not 97.00000000000001 %. */
function scaled(written: string | undefined, factor: number): string | number | undefined {
  if (written === undefined || factor === 1 || !/^\d+(?:\.\d+)?$/.test(written)) return written;
  return Number((Number(written) * factor).toPrecision(9));
}

/**
 * `<<HKDevice: 0x2834d5e60>, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:9.1>`: the address in
 * memory is another in each export and the software in each release, so one watch would become many. Without a device the name of the
 * source is all that tells two apart.
 */
function originOf({ device = '', sourceName = '' }: Record<string, string>): string {
  const parts = ['name', 'hardware'].map((part) => new RegExp(`\\b${part}:(.*?)(?:, [a-z]+:|>|$)`).exec(device)?.[1]);
  const named = parts.filter(Boolean).join(' ');
  return (named || sourceName.replaceAll('\u00a0', ' ').trim()).slice(0, 100);
}
