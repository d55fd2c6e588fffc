import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { problemOf, startSystem } from './support/system.js';
import { answerOk, answerStatus, startUpstream } from './support/upstream.js';

/** A service whose behaviour can be changed while it runs. */
async function startChangeable() {
  let handle: RequestListener = answerStatus(503);
  const upstream = await startUpstream((req, res) => handle(req, res));
  return {
    upstream,
    become: (next: RequestListener) => {
      handle = next;
    },
  };
}

describe('the circuit breaker of a service', () => {
  it('opens after repeated failures, answers without asking, probes with one request, and closes when that succeeds', async () => {
    const { upstream, become } = await startChangeable();
    const { ask, stateOf } = await startSystem([upstream], { resilience: { openMs: 1_000 } });
    const change = () => ask('/api/patients', { method: 'POST' });
    for (let i = 0; i < 5; i++) expect((await problemOf(await change())).code).toBe('GATEWAY.SERVICE_FAILING');
    expect((await stateOf('patient')).breaker).toBe('open');

    const refused = await change();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await problemOf(refused)).toMatchObject({ code: 'GATEWAY.CIRCUIT_OPEN', service: 'patient' });
    expect(upstream.seen).toHaveLength(5);

    let letGo: () => void = () => {};
    become((req, res) => {
      letGo = () => answerOk(req, res);
    });
    // Waits out the pause: the first request after it is let through.
    let probe: Promise<Response> | undefined;
    await eventually(async () => {
      probe = change();
      await Promise.race([probe, eventually(() => expect(upstream.seen).toHaveLength(6), 200)]);
      expect(upstream.seen).toHaveLength(6);
    });
    expect((await stateOf('patient')).breaker).toBe('half-open');
    expect((await problemOf(await change())).code).toBe('GATEWAY.CIRCUIT_OPEN');
    expect(upstream.seen).toHaveLength(6);

    become(answerOk);
    letGo();
    expect((await probe)?.status).toBe(200);
    expect((await stateOf('patient')).breaker).toBe('closed');
    expect((await change()).status).toBe(200);
  });

  it('opens again when the probe fails, and when the caller of the probe goes away', async () => {
    const { upstream, become } = await startChangeable();
    const { ask, stateOf } = await startSystem([upstream], { resilience: { openMs: 50, openMsMax: 50 } });
    const change = (init: RequestInit = {}) => ask('/api/patients', { method: 'POST', ...init });
    for (let i = 0; i < 5; i++) await change();
    const probed = (count: number) =>
      eventually(async () => {
        if (upstream.seen.length < count) await change();
        expect(upstream.seen).toHaveLength(count);
      });
    await probed(6);
    expect((await stateOf('patient')).breaker).toBe('open');

    become(() => {});
    const leave = new AbortController();
    await eventually(async () => {
      const asked = change({ signal: leave.signal });
      asked.catch(() => {});
      await Promise.race([asked, eventually(() => expect(upstream.seen).toHaveLength(7), 200)]);
      expect(upstream.seen).toHaveLength(7);
    });
    expect((await stateOf('patient')).breaker).toBe('half-open');
    leave.abort();
    await eventually(async () => expect((await stateOf('patient')).breaker).toBe('open'));
  });

  it('stays closed for refusals, for defects, and for what a service says of its own neighbours', async () => {
    const problem = { 'content-type': 'application/problem+json' };
    const { upstream, become } = await startChangeable();
    const { ask, stateOf } = await startSystem([upstream]);
    const answers = [
      answerStatus(404),
      answerStatus(409),
      answerStatus(429),
      answerStatus(500),
      answerStatus(503, problem, '{}'),
    ];
    for (const answer of answers) {
      become(answer);
      for (let i = 0; i < 10; i++) await ask('/api/patients/1', { method: i % 2 ? 'GET' : 'POST' });
    }
    expect(upstream.seen).toHaveLength(50);
    expect((await stateOf('patient')).breaker).toBe('closed');
  });

  it('stays closed while only one of several instances refuses connections', async () => {
    const [gone, there] = [await startUpstream(), await startUpstream()];
    const { ask, stateOf } = await startSystem([gone, there], { upstreams: { skipMs: 0 } });
    await gone.stop();
    for (let i = 0; i < 20; i++) expect((await ask('/api/patients', { method: 'POST' })).status).toBe(200);
    expect((await stateOf('patient')).breaker).toBe('closed');
  });

  it('leaves other services alone', async () => {
    const { upstream } = await startChangeable();
    const record = await startUpstream();
    const system = await startSystem([upstream]);
    await system.add('record', record);
    for (let i = 0; i < 6; i++) await system.ask('/api/patients', { method: 'POST' });
    expect((await system.stateOf('patient')).breaker).toBe('open');
    expect((await system.ask('/api/records/1')).status).toBe(200);
  });
});
