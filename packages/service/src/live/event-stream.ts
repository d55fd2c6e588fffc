import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type AuthenticatedRequest, stillCalling } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Follower, Told } from './followers.js';

type Following = Pick<Follower<never>, 'take' | 'ready' | 'end'> & { readonly isEnded: boolean };

/** Otherwise a proxy in between may keep events back. */
export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** How often it is asked whether the caller still may. */
const lookEveryMs = 2_000;
/** A follower who hears nothing for longer takes the connection for dead; so would proxies on the way. */
const heartbeatMs = 10_000;
const alive = ': alive\n\n';

/** The position that a caller names who comes back (`Last-Event-ID`); undefined for one who comes first, or names none of ours. */
export const positionOf = (lastEventId: string | undefined): number | undefined =>
  /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;

/**
 * What a follower is told, as server-sent events (HTML Living Standard, 9.2), until they end, go, may no longer, or the time is over.
 * @param askAgain throws when who calls may no longer follow
 */
export function eventStream(
  request: AuthenticatedRequest,
  follower: Following,
  seconds: number,
  askAgain: (actor: Principal) => void,
): Readable {
  const stillMay = async () => {
    const actor = await stillCalling(request);
    if (actor) askAgain(actor);
    return actor !== undefined;
  };
  const forMs = request.method === 'HEAD' ? 0 : seconds * 1_000;
  const events = Readable.from(eventsOf(follower, forMs), { objectMode: false });
  const watch = setInterval(async () => {
    // Whoever takes nothing does not hear of the end either.
    if (follower.isEnded) request.res?.destroy();
    else if (!(await stillMay().catch(() => false))) follower.end();
  }, lookEveryMs).unref();
  const end = () => {
    clearInterval(watch);
    follower.end();
    events.destroy();
  };
  request.res?.on('close', end);
  events.on('close', () => follower.end());
  if (request.res?.destroyed) end();
  return events;
}

async function* eventsOf(follower: Following, forMs: number): AsyncGenerator<string> {
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

async function isReady(follower: Following, withinMs: number): Promise<boolean> {
  const rest = new AbortController();
  const isOver = delay(withinMs, false, { signal: rest.signal }).catch(() => false);
  const isReady = await Promise.race([follower.ready.then(() => true), isOver]);
  rest.abort();
  return isReady;
}

const toEvent = ({ position, kind, data }: Told): string =>
  `id: ${position}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
