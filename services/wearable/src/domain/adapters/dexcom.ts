import type { Flag, SourceReading } from '../reading.js';
import { type Adapted, type Adapter, joined, leaveOut, list, number, text } from './json.js';
import { atOffset } from './times.js';

/** Where the sensor's scale ends, in mg/dL. */
const [lowest, highest] = [40, 400];
const units: Record<string, string> = { 'mg/dL': 'mg/dL', 'mmol/L': 'mmol/L' };

/**
 * What `GET /v3/users/self/egvs` answers: https://developer.dexcom.com/docs/dexcomv3/operation/getEstimatedGlucoseValuesV3.
 * `systemTime` is what the receiver takes for UTC, of a clock that people set, and `displayTime` what it shows: the first says
 * when, the second with which offset, and that neither was checked is flagged. `status` high or low: there is no value, but the end
 * of the scale.
 */
export const dexcom: Adapter = (document) =>
  joined(
    list(document, 'records').map((record) =>
      isGlucose(document) ? ofRecord(record) : leaveOut(text(document, 'recordType') ?? 'unknown'),
    ),
  );

const isGlucose = (document: unknown): boolean => ['egv', undefined].includes(text(document, 'recordType'));

function ofRecord(record: unknown): Adapted {
  const status = text(record, 'status');
  const isOut = status === 'high' || status === 'low';
  const flags: Flag[] = isOut ? ['out-of-scale', 'device-clock'] : ['device-clock'];
  const unit = text(record, 'unit');
  const end = status === 'high' ? highest : lowest;
  const reading: SourceReading = {
    code: '99504-3',
    value: isOut ? end : number(record, 'value'),
    unit: isOut ? 'mg/dL' : unit === undefined ? undefined : (units[unit] ?? unit),
    effectiveAt: effective(text(record, 'systemTime'), text(record, 'displayTime')),
    sourceId: text(record, 'recordId'),
    origin: text(record, 'transmitterGeneration') ?? text(record, 'displayDevice'),
    flags,
  };
  return { readings: [reading], leftOut: [] };
}

function effective(system: string | undefined, display: string | undefined): string | undefined {
  if (system === undefined) return undefined;
  const utc = /[Zz]$|[+-]\d{2}:\d{2}$/.test(system) ? system : `${system}Z`;
  if (display === undefined) return utc;
  // To the quarter of an hour: the two are not taken at the same moment.
  const difference = Date.parse(`${display.slice(0, 19)}Z`) - Date.parse(utc);
  const offset = Math.round(difference / 900_000) * 900;
  return Number.isFinite(offset) && Math.abs(offset) <= 14 * 3_600 ? atOffset(utc, offset) : utc;
}
