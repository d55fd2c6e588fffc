import type { wearableApi } from '@cabinet/contracts';
import { idOf, patients, since } from './people.ts';

export type Device = wearableApi.components['schemas']['DeviceResponse'];
export type Curve = wearableApi.components['schemas']['CurveResponse'];
type CurvePoint = wearableApi.components['schemas']['CurvePoint'];
type MeasureSummary = wearableApi.components['schemas']['MeasureSummary'];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const begunAt = Date.now();

/** Since when the pulse of the first patient is too high; that of the others is not. */
export const highSince = Math.floor((begunAt - 100 * minuteMs) / (15 * minuteMs)) * 15 * minuteMs;

interface Measure {
  code: string;
  name: string;
  unit: string;
  kind: Curve['kind'];
  /** Between two readings. */
  everyMs: number;
  /** Without one for so long there is a gap. */
  gapMs: number;
  /** About which it goes, and how far. */
  about: readonly [number, number];
}

const measures: Measure[] = [
  {
    ...{ code: '8867-4', name: 'Heart rate', unit: '/min', kind: 'level' as const },
    ...{ everyMs: 15 * minuteMs, gapMs: hourMs, about: [72, 12] as const },
  },
  {
    ...{ code: '8480-6', name: 'Systolic blood pressure', unit: 'mm[Hg]', kind: 'level' as const },
    ...{ everyMs: 12 * hourMs, gapMs: 3 * dayMs, about: [128, 9] as const },
  },
  {
    ...{ code: '29463-7', name: 'Body weight', unit: 'kg', kind: 'level' as const },
    ...{ everyMs: dayMs, gapMs: 14 * dayMs, about: [71, 0.8] as const },
  },
  {
    ...{ code: '55423-8', name: 'Steps', unit: '{steps}', kind: 'amount' as const },
    ...{ everyMs: dayMs, gapMs: 2 * dayMs, about: [5_200, 2_400] as const },
  },
];

export const measureOf = (code: string | null): Measure | undefined => measures.find((each) => each.code === code);

/** The same for the same time, whenever it is asked for. */
const wave = (at: number): number => Math.sin(at / 5_000_000) * 0.7 + Math.sin(at / 700_000) * 0.3;

/** The device lay in a drawer. */
const isAway = (at: number, { everyMs }: Measure): boolean => {
  const ago = begunAt - at;
  // In the nights before this one: what is looked at of today does not depend on the hour.
  const isNight = everyMs < hourMs && ago > dayMs && new Date(at).getUTCHours() < 4;
  return isNight || (ago > 9 * dayMs && ago < 11 * dayMs);
};

function valueAt(patientId: string, measure: Measure, at: number): number {
  const { code, about } = measure;
  if (code === '8867-4' && patientId === patients[0]?.id && at >= highSince) return 131 + Math.round(wave(at) * 4);
  return Math.round((about[0] + wave(at) * about[1]) * 10) / 10;
}

export const readingIdOf = (patientId: string, code: string, at: number): string =>
  idOf(`reading ${patientId} ${code} ${at}`);

/** What the record takes over of a reading; nothing of one that there is not. */
export function readingOf(patientId: string, code: string, id: string, effectiveAt: string) {
  const [measure, at] = [measureOf(code), Date.parse(effectiveAt)];
  if (!measure || readingIdOf(patientId, code, at) !== id) return undefined;
  const { name, unit } = measure;
  const system = 'http://loinc.org';
  return { code: { text: name, coding: [{ system, code }] }, unit, value: valueAt(patientId, measure, at) };
}

function rawOf(patientId: string, measure: Measure, from: number, to: number): CurvePoint[] {
  const { code, everyMs } = measure;
  const points: CurvePoint[] = [];
  for (let at = Math.ceil(from / everyMs) * everyMs; at < Math.min(to, Date.now()); at += everyMs) {
    if (isAway(at, measure)) continue;
    const isTyped = code === '29463-7';
    points.push({
      ...{ at: new Date(at).toISOString(), id: readingIdOf(patientId, code, at), version: 1 },
      ...{ value: valueAt(patientId, measure, at), certainty: 'sure', flags: isTyped ? ['typed'] : [] },
    });
  }
  return points;
}

/** What there was in each hour or day, by the clock of UTC. */
function summed(points: CurvePoint[], { kind }: Measure, lengthMs: number): CurvePoint[] {
  const groups = Map.groupBy(points, ({ at }) => Math.floor(Date.parse(at) / lengthMs));
  return [...groups].map(([nth, all]) => {
    const values = all.map(({ value = 0 }) => value);
    const total = values.reduce((sum, value) => sum + value, 0);
    return {
      ...{ at: new Date(nth * lengthMs).toISOString(), count: all.length },
      ...{ low: Math.min(...values), high: Math.max(...values) },
      ...(kind === 'amount' ? { total } : { mean: Math.round((total / all.length) * 10) / 10 }),
    };
  });
}

function gapsOf(points: readonly CurvePoint[], from: number, to: number, gapMs: number): Curve['gaps'] {
  const times = [from, ...points.map(({ at }) => Date.parse(at)), Math.min(to, Date.now())];
  return times.flatMap((time, nth) => {
    const next = times[nth + 1];
    if (next === undefined || next - time <= gapMs) return [];
    return [{ from: new Date(time).toISOString(), to: new Date(next).toISOString() }];
  });
}

export function curveOf(
  patientId: string,
  measure: Measure,
  { from, to, resolution }: { from: number; to: number; resolution: Curve['resolution'] },
): Curve {
  const { code, name, unit, kind, gapMs } = measure;
  const raw = rawOf(patientId, measure, from, to);
  const items = resolution === 'raw' ? raw : summed(raw, measure, resolution === 'hourly' ? hourMs : dayMs);
  return {
    ...{ patientId, code, name, unit, kind, resolution, items, gaps: gapsOf(raw, from, to, gapMs) },
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), zone: 'Europe/Paris' },
  };
}

export const summaryOf = (patientId: string): MeasureSummary[] =>
  measures.map((measure) => {
    const { code, name, unit, kind } = measure;
    const last = rawOf(patientId, measure, Date.now() - 3 * dayMs, Date.now()).at(-1);
    return {
      ...{ code, name, unit, kind, firstAt: since },
      ...{ lastAt: last?.at ?? since, lastValue: last?.value ?? 0 },
    };
  });

const deviceOf = (patientId: string, name: string, more: Partial<Device> = {}): Device => ({
  ...{ id: idOf(`device ${name} of ${patientId}`), patientId, name, certainty: 'sure', pairedAt: since },
  seenAt: more.unpairedAt ?? new Date(begunAt - 20 * minuteMs).toISOString(),
  ...more,
});

/** By id. Those of the first patients; of all others nothing is measured by a device that is paired. */
export const devices = new Map<string, Device>(
  patients
    .slice(0, 5)
    .flatMap(({ id }) => [
      deviceOf(id, 'Montre', { manufacturer: 'Withings', model: 'ScanWatch' }),
      deviceOf(id, 'Tensiomètre', { certainty: 'doubtful' }),
      deviceOf(id, 'Ancienne balance', { unpairedAt: '2026-09-01T08:00:00+02:00' }),
    ])
    .map((device) => [device.id, device]),
);
