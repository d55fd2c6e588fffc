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
    // Always late: with 200 under way nobody else would be let in.
    const { ask, url, gateway } = await startSystem([upstream], { lagMsMax: -1 });
    const streams = await Promise.all(Array.from({ length: 210 }, () => ask('/api/patients/changes', listening)));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    expect((await ask('/api/patients/42')).status).toBe(200);
    const began = performance.now();
    await Promise.all(streams.slice(0, 5).map(({ body }) => body?.cancel()));
    await eventually(() => {
      if (answers.filter(({ closed }) => closed).length < 5) throw new Error('not closed yet');
    });
    expect((await ask('/api/patients/42')).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const counted = metrics.match(/^http_server_request_duration_seconds_count\{.*route="\/api\/patients".*\} (\d+)$/m);
    expect(counted?.[1]).toBe('2');
    await gateway.stop();
    expect(performance.now() - began).toBeLessThan(1_900);
    await eventually(() => {
      if (!answers.every((answer) => answer.closed)) throw new Error('not all are closed');
    });
    await Promise.all(streams.map(({ body }) => body?.cancel().catch(() => undefined)));
  });

  it('say nothing of how busy their instance is, and leave its connections to those who wait for an answer', async () => {
    const { upstream } = await startTelling();
    const { ask, stateOf } = await startSystem([upstream], { upstreams: { connectionsMax: 1, streamsMax: 4 } });
    const streams = await Promise.all(Array.from({ length: 4 }, () => ask('/api/patients/changes', listening)));
    expect((await ask('/api/patients/42')).status).toBe(200);
    const busy = async () => (await stateOf('patient')).instances.map(({ inFlight }) => inFlight);
    expect(await busy()).toEqual([0]);
    await Promise.all(streams.map(({ body }) => body?.cancel()));
    // Each was counted off once.
    await eventually(async () => expect((await ask('/api/patients/changes', listening)).status).toBe(200));
    expect(await busy()).toEqual([0]);
  });
});
