import { atFirst, type Episode, episodeOf, type Machine, step, unitsOf } from './machine.js';
import { type Doubt, doubtOf, type Point, type Reading } from './reading.js';
import type { Watch } from './rule.js';
import { watchedFrom } from './schedule.js';

/** A rule as an engine runs it. */
export interface Rule {
  id: string;
  version: number;
  watch: Watch;
}

/** What an engine knows of one patient under one rule; data alone, to be stored with what came of it. */
export interface EngineState {
  patientId: string;
  /** Up to where readings are settled, and what can still be rearranged by one that comes late but in time. */
  base: Machine;
  buffer: Point[];
  /** After all of the buffer. */
  tip: Machine;
  /** The last time of a settled one. */
  floor?: number;
  /** When the last reading came. */
  received: number;
  /** What was said of episodes that can still change. */
  told: Told[];
  /** Of a score: what was said to be missing. */
  missing: string[];
  /** Of what came too late to ring. */
  late?: { machine: Machine; last: number };
  /** Of a gap: when the last reading was taken, and from when on one is missed. */
  gap?: { last: number; open?: number };
}

type Told = Pick<Episode, 'start' | 'end' | 'count'>;

export type Input = { kind: 'reading'; reading: Reading } | { kind: 'tick'; at: number };

/** What an engine finds; all but questions are about the episode of a key. */
export type Candidate =
  | ({ kind: 'started'; key: string } & Found)
  /** An earlier reading that came later: the same episode began at another time. */
  | ({ kind: 'moved'; key: string; from: string } & Found)
  | { kind: 'counted'; key: string; count: number; worst: number; because: string[] }
  | { kind: 'cleared'; key: string; end: string }
  | { kind: 'reopened'; key: string }
  /** An earlier reading that came later shows that there was none, or that it was part of the one before. */
  | { kind: 'retracted'; key: string }
  /** Too late to ring: it would have rung at `start`. */
  | ({ kind: 'late'; key: string } & Found)
  | { kind: 'question'; readingId: string; code: string; doubt: Doubt }
  /** A score cannot be told any more, or can again: nothing is missing. */
  | { kind: 'incomplete'; missing: string[] };

interface Found {
  start: string;
  since: string;
  count: number;
  worst: number;
  because: string[];
  missing?: string[];
}

/** Of a device that sends each second no more is kept than this; what is older is settled. */
const bufferMax = 256;
const minute = 60_000;
const sameTimeMs = 24 * 60 * minute;

/** @param at from when on the patient is watched: of somebody of whom nothing ever came the gap begins there */
export const begin = (rule: Rule, patientId: string, at: number): EngineState => ({
  patientId,
  base: atFirst,
  buffer: [],
  tip: atFirst,
  received: at,
  told: [],
  missing: [],
  ...(rule.watch.condition.kind === 'gap' && { gap: { last: at } }),
});

/** `patient|rule|start`: the same for every engine that finds the episode. */
export const keyOf = (patientId: string, ruleId: string, start: number): string =>
  `${patientId}|${ruleId}|${new Date(start).toISOString()}`;

/**
 * One step of an engine. It looks at no clock and remembers nothing but what it gives back: on the same inputs it always finds the
 * same. A reading that came within `maxAgeMinutes` of being taken counts in the order in which readings were taken, whatever the
 * order in which they came.
 * @param zone the clock of the patient, where the rule names none
 */
export function evaluate(
  rule: Rule,
  state: EngineState,
  input: Input,
  zone: string,
): { state: EngineState; candidates: Candidate[] } {
  if (input.kind === 'tick') return tick(rule, state, input.at, zone);
  const { reading } = input;
  const unit = unitsOf(rule.watch.condition).get(reading.code);
  if (unit === undefined) return { state, candidates: [] };
  const doubt = doubtOf(reading, unit === '' ? reading.unit : unit);
  if (doubt) {
    const { readingId, code } = reading;
    return { state, candidates: [{ kind: 'question', readingId, code, doubt }] };
  }
  const { readingId: id, code, value } = reading;
  const point: Point = { id, code, value, at: Date.parse(reading.effectiveAt) };
  const received = Date.parse(reading.receivedAt);
  if (state.gap) return afterGap(rule, state, state.gap, point, received, zone);
  const newest = { ...state, received: Math.max(state.received, received) };
  const horizon = newest.received - rule.watch.maxAgeMinutes * minute;
  if (point.at < horizon || point.at <= (state.floor ?? Number.NEGATIVE_INFINITY)) {
    return cameLate(rule, newest, point, zone);
  }
  if (state.buffer.some((each) => each.id === id)) return { state, candidates: [] };
  const others = state.buffer.filter((each) => each.id !== reading.isCorrectionOf);
  const last = state.buffer.at(-1);
  const isNext = others.length === state.buffer.length && (!last || inOrder(last, point) < 0);
  return isNext
    ? append(rule, newest, point, horizon, zone)
    : rearrange(rule, { ...newest, buffer: [...others, point].sort(inOrder) }, horizon, zone);
}

/** Those of one instant have an order, too, or it would depend on how they came. */
const inOrder = (one: Point, other: Point): number => one.at - other.at || (one.id < other.id ? -1 : 1);

/** When a tick has to come, in milliseconds; undefined: for nothing. */
export const tickDueAt = (rule: Rule, { gap }: EngineState, zone: string): number | undefined =>
  gap && gap.open === undefined ? gapFrom(rule, gap.last, zone) : undefined;

/** Settles what nothing can come before any more. */
function settle(rule: Rule, state: EngineState, horizon: number, zone: string) {
  const buffer = [...state.buffer];
  const settled: Episode[] = [];
  let { base, floor } = state;
  for (let first = buffer[0]; first && (first.at < horizon || buffer.length > bufferMax); first = buffer[0]) {
    const { machine, ended } = step(rule.watch, base, first, zone);
    if (ended) settled.push(ended);
    base = machine;
    floor = first.at;
    buffer.shift();
  }
  return { base, buffer, floor, settled };
}

/** A reading after all others, as most are: nothing of before is found anew. */
function append(rule: Rule, state: EngineState, point: Point, horizon: number, zone: string) {
  const { machine: tip, ended } = step(rule.watch, state.tip, point, zone);
  const episode = ended ?? (tip.open && episodeOf(tip.open));
  const isIts = ({ start }: Told) => start === episode?.start;
  const { settled, ...rest } = settle(rule, { ...state, buffer: [...state.buffer, point] }, horizon, zone);
  const over = new Set(settled.map(({ start }) => start));
  const all = [...state.told.filter((each) => !isIts(each)), ...(episode ? [toldOf(episode)] : [])];
  const missing = tip.missing ?? state.missing;
  const candidates = [
    ...(episode ? differences(rule, { ...state, told: state.told.filter(isIts) }, [episode]) : []),
    ...newlyMissing(state.missing, missing),
  ];
  return { state: { ...state, ...rest, tip, told: all.filter(({ start }) => !over.has(start)), missing }, candidates };
}

/** A reading in between, or one that corrects another: finds the episodes anew, and says what is new of them. */
function rearrange(rule: Rule, state: EngineState, horizon: number, zone: string) {
  const { settled, ...rest } = settle(rule, state, horizon, zone);
  const found: Episode[] = [];
  let tip = rest.base;
  for (const point of rest.buffer) {
    const { machine, ended } = step(rule.watch, tip, point, zone);
    if (ended) found.push(ended);
    tip = machine;
  }
  if (tip.open) found.push(episodeOf(tip.open));
  const missing = tip.missing ?? state.missing;
  const candidates = [...differences(rule, state, [...settled, ...found]), ...newlyMissing(state.missing, missing)];
  return { state: { ...state, ...rest, tip, told: found.map(toldOf), missing }, candidates };
}

const toldOf = ({ start, end, count }: Episode): Told => ({ start, end, count });

function newlyMissing(before: string[], missing: string[]): Candidate[] {
  return before.join() === missing.join() ? [] : [{ kind: 'incomplete', missing }];
}

const foundIn = ({ start, since, count, worst, because, missing }: Episode): Found => ({
  start: new Date(start).toISOString(),
  since: new Date(since).toISOString(),
  count,
  worst,
  because,
  ...(missing && { missing }),
});

/** What was said of episodes against what they are now. */
function differences(rule: Rule, { patientId, told }: EngineState, episodes: Episode[]): Candidate[] {
  const key = (start: number) => keyOf(patientId, rule.id, start);
  const candidates: Candidate[] = [];
  const unsaid = new Map(episodes.map((each) => [each.start, each]));
  const gone: Told[] = [];
  for (const before of told) {
    const now = unsaid.get(before.start);
    if (!now) {
      gone.push(before);
      continue;
    }
    unsaid.delete(before.start);
    if (now.count !== before.count) {
      const { count, worst, because } = now;
      candidates.push({ kind: 'counted', key: key(now.start), count, worst, because });
    }
    if (now.end !== before.end) candidates.push(ending(key(now.start), now.end));
  }
  for (const before of gone) {
    const moved = [...unsaid.values()].find((each) => areOneTime(each, before));
    if (!moved) {
      candidates.push({ kind: 'retracted', key: key(before.start) });
      continue;
    }
    unsaid.delete(moved.start);
    candidates.push({ kind: 'moved', key: key(moved.start), from: key(before.start), ...foundIn(moved) });
    if (moved.end !== before.end) candidates.push(ending(key(moved.start), moved.end));
  }
  for (const episode of unsaid.values()) {
    candidates.push({ kind: 'started', key: key(episode.start), ...foundIn(episode) });
    if (episode.end !== undefined) candidates.push(ending(key(episode.start), episode.end));
  }
  return candidates;
}

const ending = (key: string, end: number | undefined): Candidate =>
  end === undefined ? { kind: 'reopened', key } : { kind: 'cleared', key, end: new Date(end).toISOString() };

const forever = Number.POSITIVE_INFINITY;
const areOneTime = (one: Told, other: Told): boolean =>
  one.start <= (other.end ?? forever) && other.start <= (one.end ?? forever);

/** Late readings are looked at among themselves: what they would have rung, and when. */
function cameLate(rule: Rule, state: EngineState, point: Point, zone: string) {
  const { late } = state;
  // Of a file that comes backwards one time is said once.
  if (late?.machine.open && point.at < late.last && point.at > late.machine.open.start - sameTimeMs)
    return { state, candidates: [] };
  const before = late && point.at >= late.last ? late.machine : atFirst;
  const { machine } = step(rule.watch, before, point, zone);
  const candidates: Candidate[] = [];
  const isNew = machine.open && before.open?.start !== machine.open.start;
  const wasSaid = state.told.some((each) => each.start <= point.at && point.at <= (each.end ?? forever));
  if (machine.open && isNew && !wasSaid) {
    const key = keyOf(state.patientId, rule.id, machine.open.start);
    candidates.push({ kind: 'late', key, ...foundIn(episodeOf(machine.open)) });
  }
  return { state: { ...state, late: { machine, last: point.at } }, candidates };
}

/** When a reading is missed that should have come after one of that time. */
const gapFrom = ({ watch: { condition, schedule } }: Rule, last: number, zone: string): number =>
  watchedFrom(schedule, last + (condition.kind === 'gap' ? condition.minutes : 0) * minute, zone);

/** It depends on when readings came and not on when somebody looked: a gap that nobody saw is found by the reading that ends it. */
function afterGap(
  rule: Rule,
  state: EngineState,
  gap: { last: number; open?: number },
  point: Point,
  came: number,
  zone: string,
) {
  const received = Math.max(state.received, came);
  const last = Math.max(gap.last, point.at);
  const due = gapFrom(rule, gap.last, zone);
  const open = gap.open ?? (received >= due ? due : undefined);
  const candidates: Candidate[] = gap.open === undefined && open !== undefined ? [missed(rule, state, open)] : [];
  if (open === undefined || gapFrom(rule, last, zone) <= received) {
    return { state: { ...state, received, gap: { last, open } }, candidates };
  }
  candidates.push(ending(keyOf(state.patientId, rule.id, open), received));
  return { state: { ...state, received, gap: { last } }, candidates };
}

function tick(rule: Rule, state: EngineState, at: number, zone: string) {
  const due = tickDueAt(rule, state, zone);
  if (!state.gap || due === undefined || at < due) return { state, candidates: [] };
  return { state: { ...state, gap: { ...state.gap, open: due } }, candidates: [missed(rule, state, due)] };
}

function missed({ id }: Rule, { patientId }: EngineState, start: number): Candidate {
  const key = keyOf(patientId, id, start);
  return { kind: 'started', key, ...foundIn({ start, since: start, count: 0, worst: 0, because: [] }) };
}
