import type { FieldError } from '@cabinet/kit/errors';
import type { Curve } from '../domain/find-readings.js';
import { measureOf } from '../domain/measures.js';
import type { RawPoint, ReadingSummary, SummedPoint } from '../domain/ports.js';
import { type SourceReading, writeTime } from '../domain/reading.js';
import type { Outcome } from '../domain/take-readings.js';
import type { CertaintyOfOwner, Instant, LoincCode, Uuid } from './common.dto.js';

/**
 * UCUM; each code has one in which it is kept, and takes some others.
 * @maxLength 40
 * @example "/min"
 */
export type UcumUnit = string;

/**
 * What to know of a reading: `implausible` (no living person has that), `out-of-scale` (the device said high or low), `device-clock`
 * (its clock was not checked), `ambiguous-time` (clocks showed it twice that night), `typed` (somebody wrote it). More may come.
 * @example "typed"
 */
export type ReadingFlag = string;

/** One measurement. What is wrong with one keeps none of the others back: it is refused in the report, with field and code. */
export interface ReadingInput {
  code?: LoincCode;
  /**
   * A number, or one as text.
   * @maxLength 40
   * @example 72
   */
  value?: number | string;
  unit?: UcumUnit;
  /** When it was so, with the offset of the place where it was. */
  effectiveAt?: Instant;
  /** Of what is of a while, such as steps: when that ended. */
  endAt?: Instant;
  /**
   * The sender's own id of it: what comes with the same one again is the same reading, corrected if it says something else.
   * @maxLength 200
   * @example "a3f1"
   */
  sourceId?: string;
  /**
   * What the sender calls the device.
   * @maxLength 100
   * @example "Apple Watch"
   */
  origin?: string;
  certainty?: CertaintyOfOwner;
  /** Somebody wrote it; no device measured it. */
  isTyped?: boolean;
}

export interface AppReadingInput extends ReadingInput {
  /** A device that is or was paired with the patient. */
  deviceId?: Uuid;
}

export interface ReadingsRequest {
  patientId: Uuid;
  /**
   * The program that sends them; ids of two never meet. `app` when it is left out.
   * @pattern ^[a-z][a-z0-9.-]{0,49}$
   * @example "com.example.health"
   */
  source?: string;
  /**
   * @minItems 1
   * @maxItems 1000
   */
  readings: AppReadingInput[];
}

export interface DeviceReadingsRequest {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  readings: ReadingInput[];
}

/** What became of one reading of a batch, in its place. */
export interface ReadingOutcome {
  /** `known`: it was there already, or has been corrected since; nothing was changed. */
  outcome: 'stored' | 'known' | 'corrected' | 'refused';
  readingId?: Uuid;
  /** Of what is refused. */
  fields?: FieldError[];
}

export interface ReadingsReport {
  /** @isInt
   * @example 1 */
  stored: number;
  /** @isInt
   * @example 0 */
  known: number;
  /** @isInt
   * @example 0 */
  corrected: number;
  /** @isInt
   * @example 0 */
  refused: number;
  /** One for each reading, in the order in which they came. */
  outcomes: ReadingOutcome[];
}

/** One reading of a raw curve, or what there was in an hour or a day. */
export interface CurvePoint {
  /** When it was so, or when the hour or day begins. */
  at: Instant;
  /** Of a raw curve. */
  id?: Uuid;
  /** Of a raw curve.
   * @example 72 */
  value?: number;
  endAt?: Instant;
  receivedAt?: Instant;
  /** Of a raw curve: more than 1 for what was corrected.
   * @isInt
   * @example 1 */
  version?: number;
  certainty?: CertaintyOfOwner;
  flags?: ReadingFlag[];
  deviceId?: Uuid;
  /** What the sender calls the device. */
  origin?: string;
  /** Of an hour or a day: how many readings, of which the owner is not in doubt, and none implausible.
   * @isInt
   * @example 58 */
  count?: number;
  /** @example 61 */
  low?: number;
  /** @example 112 */
  high?: number;
  /** Of a level. @example 74.5 */
  mean?: number;
  /** Of an amount, by the device that counted most. @example 8123 */
  total?: number;
}

export interface GapResponse {
  from: Instant;
  to: Instant;
}

export interface CurveResponse {
  patientId: Uuid;
  code: LoincCode;
  /** @example "Heart rate" */
  name: string;
  unit: UcumUnit;
  /** `level`: of several there is a mean; `amount`: of several there is a sum. */
  kind: 'level' | 'amount';
  resolution: 'raw' | 'hourly' | 'daily';
  /** In which days begin at midnight.
   * @example "Europe/Paris" */
  zone: string;
  from: Instant;
  to: Instant;
  items: CurvePoint[];
  /** Times without readings, longer than is usual for the measure: nothing is drawn across them. */
  gaps: GapResponse[];
}

export interface MeasureSummary {
  code: LoincCode;
  /** @example "Heart rate" */
  name: string;
  unit: UcumUnit;
  kind: 'level' | 'amount';
  firstAt: Instant;
  lastAt: Instant;
  /** @example 72 */
  lastValue: number;
}

export interface SummaryResponse {
  items: MeasureSummary[];
}

export const toSource = ({ isTyped, ...said }: AppReadingInput): SourceReading => ({
  ...said,
  flags: isTyped ? ['typed'] : [],
});

export function toReport(outcomes: readonly Outcome[]): ReadingsReport {
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    stored: count('stored'),
    known: count('known'),
    corrected: count('corrected'),
    refused: count('refused'),
    outcomes: outcomes.map((outcome) =>
      outcome.kind === 'refused'
        ? { outcome: outcome.kind, fields: outcome.fields }
        : { outcome: outcome.kind, readingId: outcome.readingId },
    ),
  };
}

export function toCurveResponse({ patientId, measure, zone, from, to, points, gaps }: Curve): CurveResponse {
  const { code, name, unit, kind } = measure;
  return {
    ...{ patientId, code, name, unit, kind, zone },
    resolution: points.resolution,
    from: from.toISOString(),
    to: to.toISOString(),
    items:
      points.resolution === 'raw' ? points.raw.map(toRawPoint) : points.summed.map((each) => toSummedPoint(each, kind)),
    gaps: gaps.map((gap) => ({ from: gap.from.toISOString(), to: gap.to.toISOString() })),
  };
}

export const toRawPoint = (point: RawPoint): CurvePoint => {
  const { id, at, offset, value, seconds, receivedAt, version, certainty, flags, deviceId, origin } = point;
  return {
    at: writeTime({ ms: at.getTime(), offset }),
    ...{ id, value, version, certainty, flags, deviceId },
    endAt: seconds === undefined ? undefined : writeTime({ ms: at.getTime() + seconds * 1_000, offset }),
    receivedAt: receivedAt.toISOString(),
    origin: origin || undefined,
  };
};

const toSummedPoint = ({ at, count, low, high, mean, total }: SummedPoint, kind: 'level' | 'amount'): CurvePoint => ({
  at: at.toISOString(),
  ...{ count, low, high },
  ...(kind === 'level' ? { mean } : { total }),
});

export const toSummary = ({ code, first, last, lastValue }: ReadingSummary): MeasureSummary[] => {
  const measure = measureOf(code);
  if (!measure) return [];
  const { name, unit, kind } = measure;
  return [{ ...{ code, name, unit, kind, lastValue }, firstAt: first.toISOString(), lastAt: last.toISOString() }];
};
