import { useSyncExternalStore } from 'react';

/**
 * The time of the practice, which its answers tell (`Date`, RFC 9110 6.6.1), for who sits at a computer whose clock is wrong: what
 * day it is, what is over, and how long a time is still kept.
 */

/** Milliseconds that whole seconds and the way of an answer may make of no difference at all. */
const noiseMs = 5_000;
const minuteMs = 60_000;
/** Minutes of difference below which nobody is bothered with it. */
const toldMinutes = 2;

let aheadMs = 0;
const listeners = new Set<() => void>();

/** Milliseconds since 1970, by the clock of the practice. */
export const now = (): number => Date.now() - aheadMs;

/** Today (YYYY-MM-DD) where it is neither this place nor that: for ages. */
export const today = (): string => new Date(now()).toISOString().slice(0, 10);

/**
 * Hears what time it is from an answer; not from one that was kept somewhere, whose time is over.
 * @param askedAt by the clock here, when it was asked for
 */
export function hearClock({ headers }: Response, askedAt: number): void {
  const told = Date.parse(headers.get('date') ?? '');
  const isOfNow = /\bno-store\b/.test(headers.get('cache-control') ?? '') && !headers.has('age');
  const waitedMs = Date.now() - askedAt;
  if (Number.isNaN(told) || !isOfNow || waitedMs < 0) return;
  // It says whole seconds that have passed: half of one more, on average.
  const ahead = askedAt + waitedMs / 2 - (told + 500);
  const known = Math.abs(ahead) <= noiseMs + waitedMs / 2 ? 0 : ahead;
  // As exactly as whole seconds allow: what moves by less is the way of the answer.
  if (Math.abs(known - aheadMs) <= noiseMs && known !== 0) return;
  aheadMs = known;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const wholeMinutes = (): number => Math.round(aheadMs / minuteMs);

/** Minutes by which the clock here is ahead (or, below zero, behind), once that is worth a word. */
export function useMinutesAhead(): number | undefined {
  const minutes = useSyncExternalStore(subscribe, wholeMinutes);
  return Math.abs(minutes) >= toldMinutes ? minutes : undefined;
}
