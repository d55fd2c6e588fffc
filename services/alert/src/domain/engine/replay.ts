import { setImmediate as nextTurn } from 'node:timers/promises';
import { begin, type Candidate, type EngineState, evaluate, type Rule, tickDueAt } from './evaluate.js';
import type { Reading } from './reading.js';

/** An episode as all that was found of it leaves it. Times as ISO 8601 in UTC. */
export interface ReplayedEpisode {
  key: string;
  patientId: string;
  start: string;
  end?: string;
  count: number;
  /** Came too late to ring. */
  isLate: boolean;
}

/** What comes of candidates, one after the other: the same whichever engine found them. */
export class Episodes {
  private readonly found = new Map<string, ReplayedEpisode>();
  readonly questions = new Map<string, string>();

  constructor(private readonly patientId: string) {}

  take(candidates: readonly Candidate[]): void {
    for (const each of candidates) this.takeOne(each);
  }

  list(): ReplayedEpisode[] {
    return [...this.found.values()].sort((one, other) => (one.start < other.start ? -1 : 1));
  }

  private takeOne(candidate: Candidate): void {
    switch (candidate.kind) {
      case 'started':
      case 'late':
      case 'moved': {
        const before = candidate.kind === 'moved' ? this.found.get(candidate.from) : undefined;
        if (candidate.kind === 'moved') this.found.delete(candidate.from);
        const { key, start, count } = candidate;
        const isLate = candidate.kind === 'late';
        this.found.set(key, { key, patientId: this.patientId, start, end: before?.end, count, isLate });
        return;
      }
      case 'counted':
        this.change(candidate.key, { count: candidate.count });
        return;
      case 'cleared':
        this.change(candidate.key, { end: candidate.end });
        return;
      case 'reopened':
        this.change(candidate.key, { end: undefined });
        return;
      case 'retracted':
        this.found.delete(candidate.key);
        return;
      case 'question':
        this.questions.set(candidate.readingId, candidate.doubt);
        return;
      case 'incomplete':
        return;
    }
  }

  private change(key: string, what: Partial<ReplayedEpisode>): void {
    const known = this.found.get(key);
    if (known) this.found.set(key, { ...known, ...what });
  }
}

/** Readings in the order in which a service meets them: as they came. */
export const asTheyCame = <R extends Pick<Reading, 'receivedAt' | 'effectiveAt' | 'readingId'>>(
  log: readonly R[],
): R[] =>
  log
    .map((reading) => ({ reading, keys: [Date.parse(reading.receivedAt), Date.parse(reading.effectiveAt)] as const }))
    .sort(
      (one, other) =>
        one.keys[0] - other.keys[0] ||
        one.keys[1] - other.keys[1] ||
        (one.reading.readingId < other.reading.readingId ? -1 : 1),
    )
    .map(({ reading }) => reading);

export interface Replayed {
  episodes: ReplayedEpisode[];
  /** What was wrong with each reading with which something was. */
  questions: string[];
}

/** When the patient began to be watched, and `until` when one stopped looking, in milliseconds. */
type Replaying = [rule: Rule, patientId: string, log: readonly Reading[], from: number, until: number, zone: string];

/** Runs a rule over the stored readings of one patient, as it would have run when they came. */
export function replay(...what: Replaying): Replayed {
  const steps = steply(...what);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same of very many readings, which leaves the process to others in between: what comes meanwhile rings meanwhile. */
export async function replayInTurns(...what: Replaying): Promise<Replayed> {
  const steps = steply(...what);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}

/** Some milliseconds of work. */
const readingsInATurn = 1_000;

function* steply(...[rule, patientId, log, from, until, zone]: Replaying): Generator<undefined, Replayed> {
  const episodes = new Episodes(patientId);
  let state: EngineState = begin(rule, patientId, from);
  for (const [nth, reading] of asTheyCame(log).entries()) {
    if (nth % readingsInATurn === readingsInATurn - 1) yield;
    const next = evaluate(rule, state, { kind: 'reading', reading }, zone);
    episodes.take(next.candidates);
    state = next.state;
  }
  const due = tickDueAt(rule, state, zone);
  if (due !== undefined && due <= until)
    episodes.take(evaluate(rule, state, { kind: 'tick', at: until }, zone).candidates);
  return { episodes: episodes.list(), questions: [...episodes.questions.values()] };
}
