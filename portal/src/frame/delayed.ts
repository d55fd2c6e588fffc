import { useSyncExternalStore } from 'react';
import { session } from '../session/session.ts';

/** Seconds in which somebody can take back what they did. */
export const undoSeconds = 10;

/** A token is to last a little longer than the wait: it cannot be renewed by a page that is being closed. */
const tokenSeconds = undoSeconds + 5;

export interface Delayed {
  id: string;
  /** What will happen: "The appointment will be cancelled". */
  says: string;
  until: number;
  run: () => Promise<void>;
  timer: ReturnType<typeof setTimeout>;
}

export interface Failed {
  id: string;
  error: unknown;
  again: () => void;
}

interface Acts {
  waiting: readonly Delayed[];
  /** Asked for, and not answered yet. */
  underWay: readonly Delayed[];
  failed: readonly Failed[];
}

let acts: Acts = { waiting: [], underWay: [], failed: [] };
const listeners = new Set<() => void>();
/** Of each act that is under way: whether it could be done. */
const outcomes = new Set<Promise<boolean>>();

function become(next: Partial<Acts>): void {
  acts = { ...acts, ...next };
  for (const listener of listeners) listener();
}

const others = <T extends { id: string }>(all: readonly T[], id: string): T[] => all.filter((each) => each.id !== id);

/**
 * Does something in ten seconds, unless it is undone: nobody is told before. Whoever leaves the page, or puts it out of sight, has
 * decided: a telephone may never show it again, and does not say so.
 * @param id what it is about; doing it twice does it once
 */
export function doUnlessUndone(id: string, says: string, run: () => Promise<void>): void {
  if (acts.waiting.some((each) => each.id === id)) return;
  const timer = setTimeout(() => doNow(id), undoSeconds * 1_000);
  become({ waiting: [...acts.waiting, { id, says, run, timer, until: Date.now() + undoSeconds * 1_000 }] });
  // What fails here is met again, and told, when it is done.
  session.accessToken(tokenSeconds).catch(() => undefined);
}

export function undo(id: string): void {
  clearTimeout(acts.waiting.find((each) => each.id === id)?.timer);
  become({ waiting: others(acts.waiting, id) });
}

export const dismiss = (id: string): void => become({ failed: others(acts.failed, id) });

/**
 * Does at once all that waits.
 * @returns whether everything could be done; what could not stands in the bar, with its reason
 */
export async function finishAll(): Promise<boolean> {
  for (const { id } of acts.waiting) doNow(id);
  return (await Promise.all(outcomes)).every(Boolean);
}

function doNow(id: string): void {
  const act = acts.waiting.find((each) => each.id === id);
  if (!act) return;
  clearTimeout(act.timer);
  become({ waiting: others(acts.waiting, id), underWay: [...acts.underWay, act], failed: others(acts.failed, id) });
  const outcome: Promise<boolean> = outcomeOf(act).finally(() => {
    outcomes.delete(outcome);
    become({ underWay: acts.underWay.filter((each) => each !== act) });
  });
  outcomes.add(outcome);
}

async function outcomeOf(act: Delayed): Promise<boolean> {
  try {
    await act.run();
    return true;
  } catch (error) {
    become({ failed: [...acts.failed, { id: act.id, error, again: () => again(act) }] });
    return false;
  }
}

function again({ id, says, run }: Delayed): void {
  dismiss(id);
  doUnlessUndone(id, says, run);
  doNow(id);
}

/** What is about to happen, so that pages can show it as such. */
export const useDelayed = (): Acts =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => acts,
  );

addEventListener('pagehide', () => void finishAll());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void finishAll();
});
