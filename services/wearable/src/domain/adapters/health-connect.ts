import type { SourceReading } from '../reading.js';
import { type Adapted, type Adapter, at, joined, leaveOut, list, number, text } from './json.js';
import { atOffset } from './times.js';

type Value = [code: string, unit: string, ...path: string[]];

/** Records of Android's Health Connect (androidx.health.connect.client.records), and where their values stand. */
const records: Record<string, Value[]> = {
  BloodGlucoseRecord: [['2339-0', 'mmol/L', 'level', 'inMillimolesPerLiter']],
  BloodPressureRecord: [
    ['8480-6', 'mm[Hg]', 'systolic', 'inMillimetersOfMercury'],
    ['8462-4', 'mm[Hg]', 'diastolic', 'inMillimetersOfMercury'],
  ],
  BodyFatRecord: [['41982-0', '%', 'percentage', 'value']],
  BodyTemperatureRecord: [['8310-5', 'Cel', 'temperature', 'inCelsius']],
  HeightRecord: [['8302-2', 'm', 'height', 'inMeters']],
  OxygenSaturationRecord: [['59408-5', '%', 'percentage', 'value']],
  RespiratoryRateRecord: [['9279-1', '/min', 'rate']],
  RestingHeartRateRecord: [['40443-4', '/min', 'beatsPerMinute']],
  StepsRecord: [['55423-8', '{steps}', 'count']],
  TotalCaloriesBurnedRecord: [['41981-2', 'kcal', 'energy', 'inKilocalories']],
  WeightRecord: [['29463-7', 'kg', 'weight', 'inKilograms']],
};

/** RECORDING_METHOD_MANUAL_ENTRY. */
const manual = 3;

/**
 * `{"records": [{"type": "HeartRateRecord", ...}]}`, as an app on the phone reads them. `list` keeps which device each is of, and the
 * records of two devices lie over each other: they are told apart here, and no amount of one is added to that of another.
 */
export const healthConnect: Adapter = (document) => joined(list(document, 'records').map(ofRecord));

function ofRecord(record: unknown): Adapted {
  const type = text(record, 'type') ?? 'unknown';
  const offset = number(record, 'startZoneOffset', 'totalSeconds') ?? number(record, 'zoneOffset', 'totalSeconds');
  const isTyped = number(record, 'metadata', 'recordingMethod') === manual;
  const common: SourceReading = {
    effectiveAt: atOffset(text(record, 'startTime') ?? text(record, 'time'), offset),
    endAt: atOffset(text(record, 'endTime'), offset),
    sourceId: text(record, 'metadata', 'id'),
    origin: originOf(record),
    flags: isTyped ? ['typed'] : undefined,
  };
  if (type === 'HeartRateRecord') return ofSamples(record, common, offset);
  const values = Object.hasOwn(records, type) ? records[type] : undefined;
  if (!values) return leaveOut(type);
  return {
    readings: values.map(([code, unit, ...path]) => ({ ...common, code, unit, value: number(record, ...path) })),
    leftOut: [],
  };
}

/** One record has all samples of a while; each has the record's id with its own time. */
const ofSamples = (record: unknown, { endAt: _, ...common }: SourceReading, offset: number | undefined): Adapted => ({
  readings: list(record, 'samples').map((sample) => ({
    ...common,
    code: '8867-4',
    unit: '/min',
    value: number(sample, 'beatsPerMinute'),
    effectiveAt: atOffset(text(sample, 'time'), offset),
    sourceId: common.sourceId && `${common.sourceId} ${text(sample, 'time')}`,
  })),
  leftOut: [],
});

function originOf(record: unknown): string | undefined {
  const device = at(record, 'metadata', 'device');
  const parts = [
    text(record, 'metadata', 'dataOrigin', 'packageName'),
    text(device, 'manufacturer'),
    text(device, 'model'),
  ];
  return (
    parts
      .filter((part) => part !== undefined)
      .join(' ')
      .slice(0, 100) || undefined
  );
}
