/** That something in an agenda has changed between two times; without them it may be anything in it, such as its hours. */
export interface AgendaChange {
  practitionerId: string;
  from?: Date;
  until?: Date;
}

/** As it stands in the store: positions grow, but a change may be seen after one of a higher position, when it took longer. */
export interface NotedChange extends AgendaChange {
  position: number;
}

/** Between which positions changes may be under way that nobody can see yet. */
export interface Bounds {
  /** The last one that was seen a minute ago: what is up to it has been seen by now, or is told to nobody. */
  settled: number;
  /** The last one that was taken, whether it can be seen yet or not. */
  taken: number;
}

export interface AgendaChanges {
  bounds(): Promise<Bounds>;
  /** Those after a position, and of those that were missing the ones that have come, in order. */
  since(position: number, missing: readonly number[], limit: number): Promise<NotedChange[]>;
  /**
   * What has changed in these agendas after a position, one at most for each; undefined when it is no longer known.
   */
  changedSince(position: number, practitionerIds: readonly string[]): Promise<AgendaChange[] | undefined>;
  /** Forgets what nobody comes back for any more. */
  forgetOld(): Promise<void>;
}

/** Both in one. */
export function joined(one: AgendaChange | undefined, other: AgendaChange): AgendaChange {
  if (!one) return other;
  const { practitionerId } = other;
  if (!one.from || !one.until || !other.from || !other.until) return { practitionerId };
  return {
    practitionerId,
    from: one.from < other.from ? one.from : other.from,
    until: one.until > other.until ? one.until : other.until,
  };
}

/** How long a transaction may take to be seen; a position that was not seen by then belongs to none. */
const lateMsMax = 60_000;
const missingMax = 1_000;

/** Up to where the changes were seen, and which of them were not. */
export class SeenChanges {
  private highest: number;
  private readonly missing = new Map<number, number>();

  /** @param now in milliseconds, by a clock that only goes on */
  constructor({ settled, taken }: Bounds, now: number) {
    this.highest = Math.min(settled, taken);
    this.reach(taken, now);
  }

  /** @param now by the same clock */
  note(changes: readonly NotedChange[], now: number): void {
    for (const { position } of changes) {
      this.reach(position, now);
      this.missing.delete(position);
    }
    for (const [position, since] of this.missing) {
      if (now - since <= lateMsMax && this.missing.size <= missingMax) break;
      this.missing.delete(position);
    }
  }

  /** All up to there that was not seen is missing; of a great many, the latest. */
  private reach(position: number, now: number): void {
    for (let each = Math.max(this.highest, position - missingMax) + 1; each <= position; each += 1) {
      this.missing.set(each, now);
    }
    this.highest = Math.max(this.highest, position);
  }

  get last(): number {
    return this.highest;
  }

  get gaps(): number[] {
    return [...this.missing.keys()];
  }

  /** Whoever has heard all up to here comes back for what is after it, and has missed nothing. */
  get safe(): number {
    return this.missing.size === 0 ? this.highest : Math.min(...this.missing.keys()) - 1;
  }
}
