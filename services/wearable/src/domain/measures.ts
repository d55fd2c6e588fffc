/** One thing that is measured: what it is called, in which unit it is kept, and what of it can be. */
export interface Measure {
  /** LOINC. */
  code: string;
  name: string;
  /** UCUM; every value of the code is kept in it. */
  unit: string;
  /** Other units that it may come in, each with what makes the kept unit of it: `value * factor + offset`. */
  from: Readonly<Record<string, readonly [factor: number, offset: number]>>;
  /**
   * `level`: what it is at a time, of which several make a mean. `amount`: what came together in a while, of which several of one
   * origin make a sum; of two origins that counted the same steps they do not.
   */
  kind: 'level' | 'amount';
  /** Below and above it no living person is: such a value is kept, and flagged. */
  plausible: readonly [low: number, high: number];
  /** So long after a reading without another one there is a gap, in minutes. */
  gapMinutes: number;
}

const hour = 60;
const day = 24 * hour;

// Molar mass of glucose, in g/mol; mmol/L to mg/dL is a tenth of it.
const glucose = 180.156;

type Row = [
  code: string,
  name: string,
  unit: string,
  kind: Measure['kind'],
  plausible: Measure['plausible'],
  gapMinutes: number,
  from?: Measure['from'],
];

const rows: Row[] = [
  ['8867-4', 'Heart rate', '/min', 'level', [20, 260], hour, { '{beats}/min': [1, 0] }],
  ['40443-4', 'Resting heart rate', '/min', 'level', [20, 200], 3 * day, { '{beats}/min': [1, 0] }],
  ['80404-7', 'Heart rate variability (SDNN)', 'ms', 'level', [0, 400], 2 * day, { s: [1_000, 0] }],
  ['9279-1', 'Respiratory rate', '/min', 'level', [3, 80], 2 * day, { '{breaths}/min': [1, 0] }],
  ['59408-5', 'Oxygen saturation by pulse oximetry', '%', 'level', [40, 100], day],
  ['8480-6', 'Systolic blood pressure', 'mm[Hg]', 'level', [40, 300], 3 * day, { kPa: [7.500_62, 0] }],
  ['8462-4', 'Diastolic blood pressure', 'mm[Hg]', 'level', [20, 200], 3 * day, { kPa: [7.500_62, 0] }],
  ['8310-5', 'Body temperature', 'Cel', 'level', [25, 45], 2 * day, { '[degF]': [5 / 9, -160 / 9], K: [1, -273.15] }],
  ['29463-7', 'Body weight', 'kg', 'level', [0.3, 500], 14 * day, { g: [0.001, 0], '[lb_av]': [0.453_592_37, 0] }],
  [
    '8302-2',
    'Body height',
    'cm',
    'level',
    [20, 260],
    400 * day,
    { m: [100, 0], '[in_i]': [2.54, 0], '[ft_i]': [30.48, 0] },
  ],
  ['39156-5', 'Body mass index', 'kg/m2', 'level', [5, 120], 14 * day],
  ['41982-0', 'Body fat', '%', 'level', [1, 80], 14 * day],
  ['2339-0', 'Glucose in blood', 'mg/dL', 'level', [10, 1_000], day, { 'mmol/L': [glucose / 10, 0] }],
  ['99504-3', 'Glucose in interstitial fluid', 'mg/dL', 'level', [20, 600], 30, { 'mmol/L': [glucose / 10, 0] }],
  ['19935-6', 'Peak expiratory flow', 'L/min', 'level', [20, 1_000], 2 * day, { 'L/s': [60, 0] }],
  ['55423-8', 'Steps', '{steps}', 'amount', [0, 100_000], day, { '1': [1, 0] }],
  ['41981-2', 'Energy burned', 'kcal', 'amount', [0, 20_000], day, { kJ: [1 / 4.184, 0] }],
  ['93832-4', 'Sleep', 'h', 'amount', [0, 24], 2 * day, { min: [1 / 60, 0], s: [1 / 3_600, 0] }],
];

export const measures: readonly Measure[] = rows.map(([code, name, unit, kind, plausible, gapMinutes, from = {}]) => ({
  ...{ code, name, unit, kind, plausible, gapMinutes },
  from,
}));

const byCode = new Map(measures.map((measure) => [measure.code, measure]));

/** Undefined: it is nothing that is kept here. */
export const measureOf = (code: string): Measure | undefined => byCode.get(code);

/** Digits that a sensor and a change of units leave; more are noise, by which the same reading would look like another. */
const significantDigits = 9;

/** @returns the value in the unit of the measure; undefined when the unit does not fit it */
export function inKeptUnit({ unit: kept, from }: Measure, value: number, unit: string): number | undefined {
  if (unit === kept) return value;
  const [factor, offset] = (Object.hasOwn(from, unit) && from[unit]) || [];
  if (factor === undefined || offset === undefined) return undefined;
  return Number((value * factor + offset).toPrecision(significantDigits));
}
