import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import type { DeadLetter, DeadLetterFilter, DeadLetterStore } from './dead-letters.js';
import { type EventsThatWait, faultsMax } from './events-that-wait.js';
import type { EventKeys } from './signatures.js';

export interface Replayed {
  /** How many go again. */
  count: number;
  /** How many do not, as they are not signed by whom they name. */
  notGenuine: number;
  /** True when the time was over before all were looked at. */
  more?: true;
}

const replayedAtOnce = 200;
const usualAgainMs = 60 * 60_000;

export interface DeadLetterParts {
  deadLetters: DeadLetterStore;
  waiting: EventsThatWait;
  keys: EventKeys;
  log: Logger;
  /** How often those go again that may have become good, in milliseconds; each hour when it is left out. */
  againMs?: number;
}

/** Lets dead letters wait again: whom somebody names, and by itself those that are dead for another reason than their content. */
export class DeadLetterReplay {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: DeadLetterParts) {}

  /** Begins to let go again, now and every hour, what may have become good; needs the database. */
  start(): void {
    this.running = this.replayNowAndThen();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Lets dead letters be tried again, behind what waits for their keys; what is no event, or not genuine by the keys that are
   * here now, stays where it is.
   * @param msMax begins with no further part of them after this long, in milliseconds
   */
  async replay(filter: DeadLetterFilter, msMax = Number.POSITIVE_INFINITY): Promise<Replayed> {
    const { deadLetters } = this.parts;
    const began = performance.now();
    const replayed: Replayed = { count: 0, notGenuine: 0 };
    // By what was seen, not by what is left: those that stay would else be all that is ever looked at.
    for (let last: DeadLetter | undefined; ; ) {
      const letters = await deadLetters.list(filter, replayedAtOnce, last);
      const { count, notGenuine } = await this.letGo(letters);
      replayed.count += count;
      replayed.notGenuine += notGenuine;
      last = letters.at(-1);
      if (letters.length < replayedAtOnce || this.stopping.signal.aborted) return replayed;
      if (performance.now() - began > msMax) return { ...replayed, more: true };
    }
  }

  private async letGo(letters: DeadLetter[]): Promise<Replayed> {
    const { deadLetters, waiting, keys } = this.parts;
    const nextAt = systemClock.now();
    const isRefused = ({ topic, event }: DeadLetter) => event !== undefined && !keys.isGenuine(topic, event);
    const refused = new Set(letters.filter(isRefused));
    const meant = letters.filter((letter) => letter.event && !refused.has(letter));
    // One more fault, and it is dead again.
    const count = await deadLetters.letGo(meant, { faults: faultsMax - 1, nextAt });
    if (count > 0) waiting.wake();
    return { count, notGenuine: refused.size };
  }

  /** A newer release, or an operator who mended something, may have made them good. */
  private async replayNowAndThen(): Promise<void> {
    const { log, againMs = usualAgainMs } = this.parts;
    while (!this.stopping.signal.aborted) {
      await this.replay({ exceptCause: 'content' }).then(
        ({ count }) => count > 0 && log.info({ count }, 'dead letters go again'),
        (error) => log.warn({ err: error }, 'dead letters could not be looked at'),
      );
      await delay(againMs, undefined, { ref: false, signal: this.stopping.signal }).catch(() => {});
    }
  }
}
