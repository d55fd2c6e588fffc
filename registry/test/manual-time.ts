import { setTimeout as realDelay } from 'node:timers/promises';
import type { Time } from '../src/time.js';

interface Timer {
  dueAt: number;
  everyMs?: number;
  run: () => void;
}

/** A time that stands still until it is moved; what falls due on the way is run then, in order. */
export class ManualTime implements Time {
  private readonly timers = new Set<Timer>();

  constructor(private current = Date.parse('2026-03-02T08:00:00Z')) {}

  now(): Date {
    return new Date(this.current);
  }

  every(milliseconds: number, run: () => void): () => void {
    return this.add({ dueAt: this.current + milliseconds, everyMs: milliseconds, run });
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.add({ dueAt: this.current + milliseconds, run });
  }

  pass(milliseconds: number): void {
    const end = this.current + milliseconds;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.current = Math.max(this.current, next.dueAt);
      if (next.everyMs) next.dueAt += next.everyMs;
      else this.timers.delete(next);
      next.run();
    }
    this.current = end;
  }

  /** The process stands still: time goes on, and nothing is run until it goes on as well. */
  standStill(milliseconds: number): void {
    this.current += milliseconds;
    for (const timer of this.timers) if (timer.everyMs) timer.dueAt = Math.max(timer.dueAt, this.current);
  }

  /**
   * Lets time pass in small steps, with the real network working in between, until something is so.
   * @returns how much time passed, in milliseconds
   */
  async passUntil(isSo: () => boolean | Promise<boolean>, stepMs = 50, msMax = 300_000): Promise<number> {
    const began = this.current;
    while (!(await isSo())) {
      if (this.current - began > msMax) throw new Error(`not so after ${msMax} ms`);
      this.pass(stepMs);
      await realDelay(2);
    }
    return this.current - began;
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  private next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.dueAt <= end && (!first || timer.dueAt < first.dueAt)) first = timer;
    }
    return first;
  }
}
