import type { Point } from './reading.js';

// Royal College of Physicians: National Early Warning Score (NEWS) 2, 2017, chart 1. For adults; a band is [least, points], in order.
type Bands = readonly (readonly [least: number, points: number])[];

const anything = Number.NEGATIVE_INFINITY;
const saturationScale1: Bands = [
  [anything, 3],
  [92, 2],
  [94, 1],
  [96, 0],
];

interface Parameter {
  name: string;
  /** LOINC; whichever was taken last counts. */
  codes: readonly string[];
  unit: string;
  /** Digits that the chart has: what lies between two bands is rounded first. */
  digits: number;
  bands: Bands;
}

export const parameters: readonly Parameter[] = [
  {
    name: 'respiration-rate',
    codes: ['9279-1'],
    unit: '/min',
    digits: 0,
    bands: [
      [anything, 3],
      [9, 1],
      [12, 0],
      [21, 2],
      [25, 3],
    ],
  },
  { name: 'oxygen-saturation', codes: ['59408-5', '2708-6'], unit: '%', digits: 0, bands: saturationScale1 },
  // Flow of inhaled oxygen: none is air.
  {
    name: 'inhaled-oxygen',
    codes: ['3151-8'],
    unit: 'L/min',
    digits: 1,
    bands: [
      [anything, 0],
      [0.1, 2],
    ],
  },
  {
    name: 'systolic-pressure',
    codes: ['8480-6'],
    unit: 'mm[Hg]',
    digits: 0,
    bands: [
      [anything, 3],
      [91, 2],
      [101, 1],
      [111, 0],
      [220, 3],
    ],
  },
  {
    name: 'pulse',
    codes: ['8867-4'],
    unit: '/min',
    digits: 0,
    bands: [
      [anything, 3],
      [41, 1],
      [51, 0],
      [91, 1],
      [111, 2],
      [131, 3],
    ],
  },
  // 0 is alert; any other of ACVPU is more.
  {
    name: 'consciousness',
    codes: ['67775-7'],
    unit: '{score}',
    digits: 0,
    bands: [
      [anything, 0],
      [1, 3],
    ],
  },
  {
    name: 'temperature',
    codes: ['8310-5'],
    unit: 'Cel',
    digits: 1,
    bands: [
      [anything, 3],
      [35.1, 1],
      [36.1, 0],
      [38.1, 1],
      [39.1, 2],
    ],
  },
];

const pointsIn = (bands: Bands, value: number): number => bands.findLast(([least]) => value >= least)?.[1] ?? 0;

/** On scale 2 a high saturation is a risk with oxygen alone. */
function saturationScale2(value: number, isOnOxygen: boolean): number {
  if (value >= 93 && !isOnOxygen) return 0;
  return pointsIn(
    [
      [anything, 3],
      [84, 2],
      [86, 1],
      [88, 0],
      [93, 1],
      [95, 2],
      [97, 3],
    ],
    value,
  );
}

export interface Score {
  /** Of what is known: with something missing the true one may be higher. */
  total: number;
  hasSingle3: boolean;
  /** Names of the parameters that are missing or too old; with any the score is incomplete. */
  missing: string[];
  because: string[];
}

/** @param latest the last point of each code @param since what is older counts as missing */
export function news2(latest: readonly Point[], since: number, oxygenScale: 1 | 2): Score {
  const known = new Map(
    parameters.flatMap((parameter) => {
      const of = latest.filter(({ code, at }) => parameter.codes.includes(code) && at >= since);
      const last = of.reduce<Point | undefined>((best, each) => (best && best.at >= each.at ? best : each), undefined);
      return last ? [[parameter.name, { ...last, value: Number(last.value.toFixed(parameter.digits)) }]] : [];
    }),
  );
  const missing = parameters.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const oxygen = known.get('inhaled-oxygen');
  const points = parameters.flatMap(({ name, bands }) => {
    const point = known.get(name);
    if (!point) return [];
    if (name !== 'oxygen-saturation' || oxygenScale === 1) return [pointsIn(bands, point.value)];
    // Without knowing whether they breathe oxygen, a high saturation on scale 2 says nothing.
    if (!oxygen && point.value >= 93) return [];
    return [saturationScale2(point.value, (oxygen?.value ?? 0) > 0)];
  });
  return {
    total: points.reduce((sum, each) => sum + each, 0),
    hasSingle3: points.includes(3),
    missing,
    because: [...known.values()].map(({ id }) => id),
  };
}
