import { eventsIn, type StreamEvent } from './event-stream.ts';
import { Refused } from './problem.ts';

export interface Following {
  /** Begins to listen. @param after the last that was heard @throws Refused, Unreachable */
  open(after: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  onEvent(event: StreamEvent): void;
  /** Whether everything is heard of from now on. */
  onLive(isLive: boolean): void;
  /** Ends it. */
  signal: AbortSignal;
}

/** One that was heard for so long was no failure, however it ended. */
const steadyMs = 30_000;
/** Services give a sign of life every ten seconds at least. */
const silentMsMax = 25_000;
const pauseMsMin = 500;
const pauseMsMax = 30_000;

/**
 * Listens to what changes until it is ended. Whoever's stream ends comes back with what they heard last: soon, and later each
 * time that it fails, and not all at the same moment. Resolves when it was ended, or when the caller may not follow.
 */
export async function follow({ open, onEvent, onLive, signal }: Following): Promise<void> {
  let after: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const silent = new AbortController();
    const watch = watchdog(() => silent.abort(), silentMsMax);
    const beganAt = performance.now();
    let leastPauseMs = 0;
    try {
      const body = await open(after, AbortSignal.any([signal, silent.signal]));
      if (signal.aborted) return;
      onLive(true);
      for await (const event of eventsIn(body, watch.sign)) {
        if (signal.aborted) return;
        after = event.id;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && error.problem.status === 403) return onLive(false);
      if (error instanceof Refused) leastPauseMs = (error.retryAfterSeconds ?? 0) * 1_000;
    } finally {
      watch.stop();
    }
    onLive(false);
    failures = performance.now() - beganAt > steadyMs ? 0 : failures + 1;
    const pauseMs = Math.min(pauseMsMin * 2 ** failures, pauseMsMax);
    await pause(Math.max(pauseMs * (0.5 + Math.random() / 2), leastPauseMs), signal);
  }
}

/** Calls when there was no sign for so long. */
function watchdog(whenSilent: () => void, ms: number) {
  let timer = setTimeout(whenSilent, ms);
  return {
    sign() {
      clearTimeout(timer);
      timer = setTimeout(whenSilent, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
