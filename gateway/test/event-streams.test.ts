import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

/** An instance that begins to tell what happens, and the answers that it tells it by. */
async function startTelling() {
  const answers: ServerResponse[] = [];
  const upstream = await startUpstream((req, res) => {
    if (!req.headers.accept?.includes('text/event-stream')) return res.end('{}');
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: open\n\n');
    answers.push(res);
  });
  return { upstream, answers };
}

const listening = { headers: { accept: 'text/event-stream', 'last-event-id': '41' } };

describe('server-sent events', () => {
  it('come through piece by piece, as their service tells them, and end for it when the caller goes', async () => {
    const { upstream, answers } = await startTelling();
    const { ask } = await startSystem([upstream]);
    const gone = new AbortController();
    const answer = await ask('/api/patients/changes', { ...listening, signal: gone.signal });
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      'text/event-stream',
      'no-store',
    ]);
    expect(upstream.seen.at(-1)?.headers['last-event-id']).toBe('41');
    const reader = answer.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).toBe('event: open\n\n');
    answers[0]?.write(': alive\n\n');
    expect(await next()).toBe(': alive\n\n');
    const closed = once(answers[0] as ServerResponse, 'close');
    gone.abort();
    await closed;
  });

  it('keep nobody else from being served, nor the gateway from ending, and are not counted as slow answers', async () => {
    const { upstream, answers } = await startTelling();
    const { ask, url, gateway } = await startSystem([upstream]);
    const streams = await Promise.all(Array.from({ length: 70 }, () => ask('/api/patients/changes', listening)));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect((await ask('/api/patients/42')).status).toBe(200);
    const began = performance.now();
    await gateway.stop();
    expect(performance.now() - began).toBeLessThan(1_900);
    await eventually(() => {
      if (!answers.every((answer) => answer.closed)) throw new Error('not all are closed');
    });
    await Promise.all(streams.map(({ body }) => body?.cancel().catch(() => undefined)));
    expect(url).toBeTruthy();
  });
});
