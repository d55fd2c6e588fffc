import { setTimeout as delay } from 'node:timers/promises';
import type { Follower, Heard } from '../domain/follow-alerts.js';

/** A follower who hears nothing for longer takes the connection for dead; so would proxies on the way. */
const heartbeatMs = 10_000;
const alive = ': alive\n\n';

/** What a follower is told, as server-sent events, until it ends or the time is over. */
export async function* eventsOf(follower: Follower, forMs: number): AsyncGenerator<string> {
  const endsAt = performance.now() + forMs;
  // The head of the answer goes out with it.
  yield alive;
  while (true) {
    for (const told of follower.take()) yield toEvent(told);
    const leftMs = endsAt - performance.now();
    if (follower.isEnded || leftMs <= 0) return;
    if (!(await isReady(follower, Math.min(heartbeatMs, leftMs)))) yield alive;
  }
}

async function isReady(follower: Follower, withinMs: number): Promise<boolean> {
  const rest = new AbortController();
  const isOver = delay(withinMs, false, { signal: rest.signal }).catch(() => false);
  const isReady = await Promise.race([follower.ready.then(() => true), isOver]);
  rest.abort();
  return isReady;
}

const toEvent = (told: Heard): string =>
  `id: ${told.position}\nevent: ${told.kind}\ndata: ${JSON.stringify(told.kind === 'alert' ? { alertId: told.alertId } : {})}\n\n`;
