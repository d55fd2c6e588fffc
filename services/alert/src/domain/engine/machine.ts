import { news2, parameters } from './news2.js';
import type { Point } from './reading.js';
import type { Condition, Watch } from './rule.js';
import { isWatched } from './schedule.js';

/** One time that a rule's condition held, from when it began to hold until its clear condition did. Times in milliseconds. */
export interface Episode {
  /** When it would ring: with patient and rule the key of the episode. */
  start: number;
  /** From when on values were beyond the limit. */
  since: number;
  /** Not set while it goes on. */
  end?: number;
  /** Readings that were beyond the limit. */
  count: number;
  /** The value, change or total farthest beyond it. */
  worst: number;
  /** Ids of the readings that began it, and of some that went on with it. */
  because: string[];
  /** Of a score: what was not known when it began. */
  missing?: string[];
}

interface OpenEpisode extends Episode {
  normal: number;
  normalSince?: number;
}

/** What has to be known of the readings of before; made of data alone, to be stored. */
export interface Machine {
  /** As few of them as the condition looks back on. */
  recent: Point[];
  open?: OpenEpisode;
  /** Of a score: what was missing at the last reading. */
  missing?: string[];
}

export const atFirst: Machine = { recent: [] };

const minute = 60_000;
const becauseMax = 20;

type Readable = Exclude<Condition, { kind: 'gap' }>;

/** The codes that a rule reads, each with its unit; of a gap whichever it has. */
export function unitsOf(condition: Condition): Map<string, string> {
  if (condition.kind === 'gap') return new Map([[condition.code, '']]);
  if (condition.kind !== 'score') return new Map([[condition.code, condition.unit]]);
  return new Map(parameters.flatMap(({ codes, unit }) => codes.map((code): [string, string] => [code, unit])));
}

interface Judged {
  /** Beyond the limit, at a time that is watched. */
  isBeyond: boolean;
  /** So often or so long that it rings. */
  fires: boolean;
  /** Within the limit, at whatever time; false where it is not known. */
  isWithin: boolean;
  since: number;
  because: string[];
  measure: number;
  /** What the limits of the clear condition are about. */
  value: number;
  missing?: string[];
}

/** Goes on by one reading, which is no earlier than those of before. @returns the episode that it ends, if it does */
export function step(
  watch: Watch,
  machine: Machine,
  point: Point,
  zone: string,
): { machine: Machine; ended?: Episode } {
  const condition = watch.condition as Readable;
  const recent = lookBack(condition, machine.recent, point, isBeyondIn(watch, zone));
  const judged = judge(watch, recent, point, zone);
  const { open } = machine;
  const { missing } = judged;
  if (!open) {
    if (!judged.fires) return { machine: withMissing({ recent }, missing) };
    return { machine: withMissing({ recent, open: begin(point, judged) }, missing) };
  }
  if (judged.isBeyond) {
    const going = { ...open, count: open.count + 1, worst: worse(condition, open.worst, judged.measure), normal: 0 };
    going.normalSince = undefined;
    going.because = [...new Set([...open.because, ...judged.because])].slice(0, becauseMax);
    return { machine: withMissing({ recent, open: going }, missing) };
  }
  if (!isNormal(watch, judged)) {
    return { machine: withMissing({ recent, open: { ...open, normal: 0, normalSince: undefined } }, missing) };
  }
  const normalSince = open.normalSince ?? point.at;
  const normal = open.normal + 1;
  const { readings = 1, minutes = 0 } = watch.clear ?? {};
  if (normal < readings || point.at - normalSince < minutes * minute) {
    return { machine: withMissing({ recent, open: { ...open, normal, normalSince } }, missing) };
  }
  // What was beyond the limit before does not count for the next episode.
  const kept = condition.kind === 'score' ? recent : [];
  return { machine: withMissing({ recent: kept }, missing), ended: { ...episodeOf(open), end: point.at } };
}

/** Without what only the machine needs. */
export const episodeOf = ({ normal: _, normalSince: __, ...episode }: OpenEpisode): Episode => episode;

const withMissing = (machine: Machine, missing: string[] | undefined): Machine =>
  missing ? { ...machine, missing } : machine;

const begin = ({ at }: Point, { since, because, measure, missing }: Judged): OpenEpisode => ({
  start: at,
  since,
  // A score is made of several readings, and is beyond its limit once.
  count: missing ? 1 : because.length,
  worst: measure,
  because: because.slice(0, becauseMax),
  normal: 0,
  ...(missing && missing.length > 0 && { missing }),
});

/** The latest point is the last of `recent`, but where only the run or the lowest ones before it are kept. */
function judge(watch: Watch, recent: readonly Point[], point: Point, zone: string): Judged {
  const condition = watch.condition as Readable;
  const isBeyond = isBeyondIn(watch, zone);
  const alone = { since: point.at, because: [point.id], measure: point.value, value: point.value };
  if (condition.kind === 'score') {
    const { total, hasSingle3, missing, because } = news2(
      recent,
      point.at - condition.freshMinutes * minute,
      condition.oxygenScale,
    );
    const isEnough = total >= condition.total || (condition.single && hasSingle3);
    const fires = isEnough && isWatched(watch.schedule, point.at, zone);
    const isWithin = !isEnough && missing.length === 0;
    return { ...alone, isBeyond: fires, fires, isWithin, because, measure: total, value: total, missing };
  }
  if (condition.kind === 'rate') {
    const [from] = recent;
    const change = from ? point.value - from.value : 0;
    const isEnough = condition.rises === undefined ? -change >= (condition.falls ?? 0) : change >= condition.rises;
    const fires = isEnough && isWatched(watch.schedule, point.at, zone);
    const because = from && from.id !== point.id ? [from.id, point.id] : [point.id];
    const since = from?.at ?? point.at;
    return { ...alone, isBeyond: fires, fires, isWithin: !isEnough, since, because, measure: change };
  }
  const isWithin = !isOutside(condition, point.value);
  const { sustained } = condition;
  if (!isBeyond(point)) return { ...alone, isBeyond: false, fires: false, isWithin };
  const beyond = recent.filter(isBeyond);
  const since = beyond[0]?.at ?? point.at;
  const because = beyond.map(({ id }) => id);
  if (!sustained) return { ...alone, isBeyond: true, fires: true, isWithin };
  const fires = 'of' in sustained ? beyond.length >= sustained.atLeast : point.at - since >= sustained.minutes * minute;
  return { ...alone, isBeyond: true, fires, isWithin, since, because };
}

const isOutside = ({ above, below }: { above?: number; below?: number }, value: number): boolean =>
  (above !== undefined && value > above) || (below !== undefined && value < below);

/** Whether a single value is beyond a level, at a time that is watched. */
const isBeyondIn =
  ({ condition, schedule }: Watch, zone: string) =>
  ({ value, at }: Point): boolean =>
    condition.kind === 'level' && isOutside(condition, value) && isWatched(schedule, at, zone);

/** As many of the readings as the condition looks back on, with this one. */
function lookBack(
  condition: Readable,
  recent: readonly Point[],
  point: Point,
  isBeyond: (point: Point) => boolean,
): Point[] {
  if (condition.kind === 'score') return [...recent.filter(({ code }) => code !== point.code), point];
  if (condition.kind === 'rate') {
    const { falls } = condition;
    // Those that are the lowest (of a fall: the highest) from themselves on: the first is that of the whole span.
    const isKept = ({ at, value }: Point) =>
      at >= point.at - condition.withinMinutes * minute &&
      (falls === undefined ? value < point.value : value > point.value);
    return [...recent.filter(isKept), point];
  }
  const { sustained } = condition;
  if (!sustained) return [];
  if ('of' in sustained) return [...recent, point].slice(-sustained.of);
  if (!isBeyond(point)) return [];
  const [first] = recent;
  const last = recent.at(-1);
  // Of the run its ends are enough. Two readings too far apart say nothing of what was between them.
  if (!first || !last || point.at - last.at > sustained.minutes * minute) return [point];
  return [first, point];
}

function isNormal({ clear }: Watch, { isWithin, value }: Judged): boolean {
  if (!isWithin) return false;
  if (clear?.above !== undefined && value <= clear.above) return false;
  return clear?.below === undefined || value < clear.below;
}

function worse(condition: Readable, one: number, other: number): number {
  if (condition.kind === 'rate') return Math.abs(other) > Math.abs(one) ? other : one;
  if (condition.kind === 'score' || condition.below === undefined) return Math.max(one, other);
  if (condition.above === undefined) return Math.min(one, other);
  const middle = (condition.above + condition.below) / 2;
  return Math.abs(other - middle) > Math.abs(one - middle) ? other : one;
}
