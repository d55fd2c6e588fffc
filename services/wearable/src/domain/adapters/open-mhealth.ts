import type { SourceReading } from '../reading.js';
import { type Adapted, type Adapter, at, joined, leaveOut, list, number, text } from './json.js';
import { readLocal } from './times.js';

type Value = [code: string, name: string, units: Record<string, string>];

const mass = { kg: 'kg', g: 'g', lb: '[lb_av]' };
const glucose = { 'mg/dL': 'mg/dL', 'mmol/L': 'mmol/L' };
const pressure = { mmHg: 'mm[Hg]' };

/** Schemas of Open mHealth and of IEEE 1752.1 (https://w3id.org/openmhealth, https://w3id.org/ieee), and UCUM for their units. */
const schemas: Record<string, Value[]> = {
  'blood-glucose': [['2339-0', 'blood_glucose', glucose]],
  'blood-pressure': [
    ['8480-6', 'systolic_blood_pressure', pressure],
    ['8462-4', 'diastolic_blood_pressure', pressure],
  ],
  'body-height': [['8302-2', 'body_height', { cm: 'cm', m: 'm', in: '[in_i]', ft: '[ft_i]' }]],
  'body-mass-index': [['39156-5', 'body_mass_index', { 'kg/m2': 'kg/m2' }]],
  'body-temperature': [['8310-5', 'body_temperature', { C: 'Cel', F: '[degF]', K: 'K' }]],
  'body-weight': [['29463-7', 'body_weight', mass]],
  'heart-rate': [['8867-4', 'heart_rate', { 'beats/min': '/min' }]],
  'oxygen-saturation': [['59408-5', 'oxygen_saturation', { '%': '%' }]],
  'respiratory-rate': [['9279-1', 'respiratory_rate', { 'breaths/min': '/min' }]],
  'step-count': [['55423-8', 'step_count', { steps: '{steps}' }]],
  'total-sleep-time': [['93832-4', 'total_sleep_time', { sec: 's', min: 'min', h: 'h' }]],
};

/** One data point, or a list of them, each with its header. */
export const openMHealth: Adapter = (document, { zone }) => {
  const points = Array.isArray(document)
    ? document
    : at(document, 'data_points')
      ? list(document, 'data_points')
      : [document];
  return joined(points.map((point) => ofPoint(point, zone)));
};

function ofPoint(point: unknown, zone: string): Adapted {
  const name = text(point, 'header', 'schema_id', 'name') ?? 'unknown';
  const values = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (!values) return leaveOut(name);
  const frame = at(point, 'body', 'effective_time_frame');
  const interval = at(frame, 'time_interval');
  const begins = readLocal(text(frame, 'date_time') ?? text(interval, 'start_date_time'), zone);
  const modality = text(point, 'header', 'modality') ?? text(point, 'header', 'acquisition_provenance', 'modality');
  const isTyped = modality === 'self-reported';
  const common: SourceReading = {
    effectiveAt: begins.at,
    endAt: readLocal(text(interval, 'end_date_time'), zone).at,
    // In IEEE 1752.1 it is `uuid`, in Open mHealth it was `id`.
    sourceId: text(point, 'header', 'uuid') ?? text(point, 'header', 'id'),
    origin:
      text(point, 'header', 'acquisition_provenance', 'source_name') ??
      text(point, 'header', 'external_datasheets', 'datasheet_reference'),
    flags: isTyped ? ['typed', ...(begins.flags ?? [])] : begins.flags,
  };
  const isInterstitial = text(point, 'body', 'specimen_source') === 'interstitial fluid';
  return {
    readings: values.map(([code, field, units]) => {
      const unit = text(point, 'body', field, 'unit');
      return {
        ...common,
        code: isInterstitial ? '99504-3' : code,
        value: number(point, 'body', field, 'value') ?? number(point, 'body', field),
        unit: unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : (unit ?? usualUnit(name)),
      };
    }),
    leftOut: [],
  };
}

/** A count of steps had no unit in the schema of before. */
const usualUnit = (name: string): string | undefined => (name === 'step-count' ? '{steps}' : undefined);
