import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import type { DeadLetterStore } from './dead-letters.js';
import type { ReceivedEvent } from './deliveries.js';
import { type EventHandling, keyOf } from './event-handling.js';
import type { Failure } from './failures.js';
import type { WaitingEvent, WaitingEvents } from './waiting-events.js';

export interface Pauses {
  /** Before the second try, in milliseconds; each further one is twice as long. */
  firstMs: number;
  longestMs: number;
  /** How often to look for what became due elsewhere, in milliseconds. */
  lookMs: number;
}

const usualPauses: Pauses = { firstMs: 250, longestMs: 30_000, lookMs: 5_000 };

/** Tries of an event for which nothing was away, before it is a dead letter. */
export const faultsMax = 4;
/** Longest time that one process has an event for itself; a handler waits for its neighbours less long than that. */
const leaseMs = 120_000;
/** Keys that are tried again at the same time: one that waits for a slow neighbour holds up few others. */
const keysAtOnce = 8;
/** Few enough that all that is due, of whatever topic, has its turn soon, though each of these takes a time-out. */
const keysInARound = 32;
/** How long events of one key are tried one after the other before others have their turn. */
const turnMs = 30_000;

export const behindAnother: Failure = { cause: 'away', code: 'EVENT.BEHIND_ANOTHER' };

export interface WaitingParts {
  handling: EventHandling;
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  log: Logger;
  pauses?: Partial<Pauses>;
}

/** Tries what waits again, each when it is due, in order for each partition key, together with the other replicas. */
export class EventsThatWait {
  private readonly pauses: Pauses;
  /** When events are tried again is a matter of this machine, whatever time it is in the practice. */
  private readonly clock = systemClock;
  /** When the next one that this process knows of is due. */
  private nextAt = Number.POSITIVE_INFINITY;
  private readonly stopping = new AbortController();
  private woken = Promise.withResolvers<void>();
  private running: Promise<void> = Promise.resolve();
  /** The codes of what was found to be back in this round. */
  private hurried = new Set<string>();
  /** Leased here, with nobody at work on them, as the database went away meanwhile; and until when. */
  private readonly unfinished: { waiting: WaitingEvent; until: Date }[] = [];

  constructor(private readonly parts: WaitingParts) {
    this.pauses = { ...usualPauses, ...parts.pauses };
  }

  /** Begins to try again what waits; needs the database. */
  start(): void {
    this.running = this.tryAgainAndAgain();
  }

  /** Resolves when the tries under way have ended; what is given up waits on in the database. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  /** There may be something to try. */
  wake(): void {
    this.woken.resolve();
  }

  /** Those of these keys for which something waits. */
  keysThatWait(topic: string, keys: string[]): Promise<Set<string>> {
    return this.parts.waiting.keysThatWait(topic, keys);
  }

  /** Has events wait, at the end of their keys. @param tries those so far */
  async putAside(topic: string, events: ReceivedEvent[], failure: Failure, tries = 0): Promise<void> {
    if (events.length === 0) return;
    const now = this.clock.now();
    const nextAt = failure === behindAnother ? now : this.nextTry(now, 1);
    const faults = failure.cause === 'away' ? 0 : tries;
    const rest = { failure, tries, faults, firstAt: now, lastAt: now, nextAt };
    await this.parts.waiting.add(events.map((event) => ({ topic, partitionKey: keyOf(event), event, ...rest })));
    this.isDueAt(nextAt);
    this.wake();
  }

  private nextTry(now: Date, tries: number): Date {
    const pause = Math.min(this.pauses.firstMs * 2 ** Math.min(tries - 1, 20), this.pauses.longestMs);
    // Between half and the whole of it, so that what failed together does not come again together.
    return new Date(now.getTime() + pause * (0.5 + Math.random() / 2));
  }

  private async tryAgainAndAgain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.tryWhatIsDue().catch((error) => {
        this.parts.log.warn({ err: error }, 'waiting events could not be looked at');
      });
      const untilNext = this.nextAt - this.clock.now().getTime();
      const pause = Math.min(Math.max(untilNext, this.pauses.firstMs / 4), this.pauses.lookMs);
      await Promise.race([this.woken.promise, this.rest(pause)]);
      this.woken = Promise.withResolvers();
    }
  }

  private rest(ms: number): Promise<void> {
    return delay(ms, undefined, { ref: false, signal: this.stopping.signal }).catch(() => {});
  }

  private async tryWhatIsDue(): Promise<void> {
    // Those behind another are due already.
    this.hurried = new Set([behindAnother.code]);
    this.nextAt = Number.POSITIVE_INFINITY;
    await this.giveBack();
    const now = this.clock.now();
    const due = await this.parts.waiting.due(now, keysInARound);
    if (due.length === keysInARound) this.isDueAt(now);
    const left = due.values();
    const work = async () => {
      for (const event of left) if (!this.stopping.signal.aborted) await this.tryKey(event);
    };
    // All of them to their end, or some would go on beside the next round.
    const ended = await Promise.allSettled(Array.from({ length: keysAtOnce }, work));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }

  /** Else nobody would try them before their lease is over, whatever their pause says. */
  private async giveBack(): Promise<void> {
    for (let [first] = this.unfinished; first; [first] = this.unfinished) {
      if (first.until > this.clock.now()) await this.parts.waiting.postpone(first.waiting);
      this.unfinished.shift();
    }
  }

  /** Tries an event and, as long as that helps, those behind it. */
  private async tryKey(due: WaitingEvent): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + leaseMs);
    const turnEnds = new Date(now.getTime() + turnMs);
    for (let next = await this.parts.waiting.lease(due, now, until); next; ) {
      const waiting: WaitingEvent = next;
      next = await this.tryOne(waiting, turnEnds).catch((error) => {
        this.unfinished.push({ waiting, until });
        throw error;
      });
    }
  }

  /** @returns the next of its key, leased too, if it is to be tried now */
  private async tryOne(waited: WaitingEvent, turnEnds: Date): Promise<WaitingEvent | undefined> {
    const { waiting } = this.parts;
    if (this.stopping.signal.aborted || this.clock.now() > turnEnds) {
      await waiting.postpone(waited);
      this.isDueAt(waited.nextAt);
      return undefined;
    }
    const failure = await this.tryOnce(waited);
    if (failure && !(await this.isDeadAfter(waited, failure))) return undefined;
    return waiting.remove(waited);
  }

  private async tryOnce({ topic, event, failure }: WaitingEvent): Promise<Failure | undefined> {
    const failed = await this.parts.handling.failureOf(topic, event);
    if (failed || failure.cause !== 'away' || this.hurried.has(failure.code)) return failed;
    this.hurried.add(failure.code);
    await this.parts.waiting.hurry(failure.code, this.clock.now());
    return undefined;
  }

  /** @returns false when the event waits on */
  private async isDeadAfter(waited: WaitingEvent, failure: Failure): Promise<boolean> {
    const now = this.clock.now();
    const tries = waited.tries + 1;
    const faults = waited.faults + (failure.cause === 'away' ? 0 : 1);
    const tried = { ...waited, failure, tries, faults, lastAt: now };
    if (failure.cause !== 'away' && faults >= faultsMax) {
      const { position: _, ...letter } = tried;
      await this.parts.deadLetters.keep({ ...letter, eventId: waited.event.id, type: waited.event.type });
      return true;
    }
    const nextAt = this.nextTry(now, tries);
    await this.parts.waiting.postpone({ ...tried, nextAt });
    this.isDueAt(nextAt);
    return false;
  }

  private isDueAt(instant: Date): void {
    this.nextAt = Math.min(this.nextAt, instant.getTime());
  }
}
