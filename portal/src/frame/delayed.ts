import { useSyncExternalStore } from 'react';

/** Seconds in which somebody can take back what they did. */
export const undoSeconds = 10;

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
  failed: readonly Failed[];
}

let acts: Acts = { waiting: [], failed: [] };
const listeners = new Set<() => void>();

function become(next: Partial<Acts>): void {
  acts = { ...acts, ...next };
  for (const listener of listeners) listener();
}

const without = (id: string) => ({
  waiting: acts.waiting.filter((each) => each.id !== id),
  failed: acts.failed.filter((each) => each.id !== id),
});

/**
 * Does something in ten seconds, unless it is undone: nobody is told before. Whoever leaves the page has decided.
 * @param id what it is about; doing it twice does it once
 */
export function doUnlessUndone(id: string, says: string, run: () => Promise<void>): void {
  if (acts.waiting.some((each) => each.id === id)) return;
  const timer = setTimeout(() => doNow(id), undoSeconds * 1_000);
  become({ waiting: [...acts.waiting, { id, says, run, timer, until: Date.now() + undoSeconds * 1_000 }] });
}

export function undo(id: string): void {
  clearTimeout(acts.waiting.find((each) => each.id === id)?.timer);
  become(without(id));
}

export const dismiss = (id: string): void => become(without(id));

async function doNow(id: string): Promise<void> {
  const act = acts.waiting.find((each) => each.id === id);
  if (!act) return;
  clearTimeout(act.timer);
  become(without(id));
  try {
    await act.run();
  } catch (error) {
    become({ failed: [...acts.failed, { id, error, again: () => again(act) }] });
  }
}

function again({ id, says, run }: Delayed): void {
  become(without(id));
  doUnlessUndone(id, says, run);
  void doNow(id);
}

/** The ids of what is about to happen, so that pages can show it as such. */
export const useDelayed = (): Acts =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => acts,
  );

addEventListener('pagehide', () => {
  for (const { id } of acts.waiting) void doNow(id);
});
