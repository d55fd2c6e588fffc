import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { places, problemOf, startSystem } from './support/system.js';
import {
  answerOk,
  answerStatus,
  startRawUpstream,
  startUpstream,
  stayAway,
  type TestUpstream,
} from './support/upstream.js';

const failing = answerStatus(503, { 'content-type': 'text/html' }, '<h1>starting</h1>');

/** Handles the first request with one handler and all others with another. */
function firstThen(first: RequestListener, others: RequestListener = answerOk): RequestListener {
  let count = 0;
  return (req, res) => (count++ === 0 ? first : others)(req, res);
}

const countOf = (upstreams: TestUpstream[]) => upstreams.reduce((sum, { seen }) => sum + seen.length, 0);

describe('a try that failed', () => {
  it('is repeated for a request that only reads, at another instance', async () => {
    const system = await startSystem();
    const cases = ['GET', 'HEAD', 'OPTIONS'].flatMap((method) => [failing, reset].map((fault) => ({ method, fault })));
    for (const [i, { method, fault }] of cases.entries()) {
      const { service, path } = places[i] as (typeof places)[number];
      const instances = [await startUpstream(fault), await startUpstream(fault), await startUpstream()];
      for (const instance of instances) await system.add(service, instance);
      expect((await system.ask(path, { method })).status).toBe(200);
      expect(instances.map(({ seen }) => seen.length)).toEqual([1, 1, 1]);
    }
  });

  it('is repeated twice at most, and then told', async () => {
    const patient = await startUpstream(failing);
    const { ask } = await startSystem([patient]);
    const answer = await ask('/api/patients/1');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await problemOf(answer)).toMatchObject({ code: 'GATEWAY.SERVICE_FAILING', service: 'patient' });
    expect(patient.seen).toHaveLength(3);
  });

  it('is never repeated for a request that changes something', async () => {
    const system = await startSystem();
    const faults = [
      { fault: failing, status: 503 },
      { fault: reset, status: 502 },
    ];
    const cases = ['POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => faults.map((fault) => ({ method, ...fault })));
    for (const [i, { method, fault, status }] of cases.entries()) {
      const { service, path } = places[i] as (typeof places)[number];
      const instances = [await startUpstream(fault), await startUpstream(fault)];
      for (const instance of instances) await system.add(service, instance);
      const answer = await system.ask(path, { method, body: '{}' });
      expect([method, answer.status]).toEqual([method, status]);
      expect((await problemOf(answer)).detail).toContain('not known whether');
      expect(countOf(instances)).toBe(1);
    }
  });

  it('is repeated with the same body when an Idempotency-Key makes that harmless', async () => {
    const bodies: string[] = [];
    const echo: RequestListener = (req, res) => {
      let body = '';
      req.on('data', (part) => {
        body += part;
      });
      req.on('end', () => {
        bodies.push(`${req.headers['idempotency-key']} ${body}`);
        if (bodies.length === 1) res.destroy();
        else res.writeHead(201).end();
      });
    };
    const { ask } = await startSystem([await startUpstream(echo)]);
    const init = { method: 'POST', body: '{"slot":"x"}', headers: { 'idempotency-key': 'k-1' } };
    expect((await ask('/api/patients', init)).status).toBe(201);
    expect(bodies).toEqual(['k-1 {"slot":"x"}', 'k-1 {"slot":"x"}']);
  });

  it('leaves in doubt what it may have changed, whatever stops the tries that follow', async () => {
    const system = await startSystem([], { resilience: { openMs: 60_000 } });
    const away = answerStatus(503, { 'content-type': 'application/problem+json' }, '{"detail":"Nothing was changed."}');
    const change = (path: string, key?: string) =>
      system.ask(path, { method: 'POST', body: '{}', headers: key ? { 'idempotency-key': key } : {} });
    const [dying, pausing, failingToo] = places.map(({ path }) => path) as [string, string, string];

    const instance: TestUpstream = await startUpstream((req, res) => {
      reset(req, res);
      void instance.stop();
    });
    await system.add('service-1', instance);
    await system.add('service-2', await startUpstream(failing));
    await system.add('service-3', await startUpstream(firstThen(reset, away)));
    // One more failure opens the breaker of this service.
    for (let i = 0; i < 4; i++) await change(pausing);

    for (const [path, status] of [
      [dying, 502],
      [pausing, 503],
      [failingToo, 502],
    ] as const) {
      const answer = await change(path, 'k-1');
      const { detail } = await problemOf(answer);
      expect([path, answer.status, detail]).toEqual([
        path,
        status,
        'It is not known whether the request took effect. Repeat it with the same Idempotency-Key.',
      ]);
    }
    expect((await system.stateOf('service-2')).breaker).toBe('open');
    // Nothing of these was ever sent.
    for (const path of [dying, pausing]) {
      expect((await problemOf(await change(path, 'k-2'))).detail).toContain('Nothing was changed');
    }
  });

  it('is not repeated for a change that no service repeats safely, whatever key it has', async () => {
    const patient = await startUpstream(failing);
    const { ask } = await startSystem([patient]);
    const init = { method: 'PATCH', body: '{}', headers: { 'idempotency-key': 'k-1' } };
    expect((await problemOf(await ask('/api/patients/1', init))).detail).toContain('Look before');
    expect(patient.seen).toHaveLength(1);
  });

  it('is not repeated where no answer is kept, whatever key it has', async () => {
    const auth = await startUpstream(failing);
    const system = await startSystem([]);
    await system.add('auth', auth);
    const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/json' };
    const answer = await system.ask('/api/auth/login', { method: 'POST', body: '{}', headers });
    expect((await problemOf(answer)).detail).toContain('Look before');
    expect(auth.seen).toHaveLength(1);
  });

  it('is not repeated when the body was too large to be kept', async () => {
    const patient = await startUpstream(firstThen(failing));
    const { ask } = await startSystem([patient]);
    const init = { method: 'POST', body: new Uint8Array(64 * 1024 + 1), headers: { 'idempotency-key': 'k-1' } };
    expect((await ask('/api/patients', init)).status).toBe(503);
    expect(patient.seen).toHaveLength(1);
  });

  it('is not repeated when it took all the time there was', async () => {
    const patient = await startUpstream(stayAway);
    const limitsFor = () => ({ bodyBytesMax: 1024, bodyMs: 300, timeoutMs: 300 });
    const { ask } = await startSystem([patient], { limitsFor });
    const answer = await ask('/api/patients/1');
    expect(answer.status).toBe(504);
    expect(await problemOf(answer)).toMatchObject({ code: 'GATEWAY.TIMEOUT', service: 'patient' });
    expect(patient.seen).toHaveLength(1);
  });

  it('is repeated less when many fail: retries stay near a fifth of the requests', async () => {
    const patient = await startUpstream((req, res) => (req.method === 'GET' ? failing : answerOk)(req, res));
    const { ask, stateOf } = await startSystem([patient], { resilience: { retryDelayMs: 1 } });
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 4; i++) await ask('/api/patients', { method: 'POST' });
      await ask('/api/patients/1');
    }
    const { breaker, retriesLeft } = await stateOf('patient');
    expect([breaker, retriesLeft]).toEqual(['closed', 0]);
    const tries = patient.seen.filter(({ method }) => method === 'GET').length;
    // Ten saved from the start, and a fifth of 150 requests.
    expect(tries - 30).toBeLessThanOrEqual(10 + 30);
    expect(tries - 30).toBeGreaterThanOrEqual(10 + 30 - 1);
  });
});

describe('an instance that refuses connections', () => {
  it('costs nobody an answer: what was never sent goes to another instance, and it is left out for a while', async () => {
    const gone = await startUpstream();
    const there = await startUpstream();
    const { ask, stateOf } = await startSystem([gone, there], { upstreams: { skipMs: 60_000 } });
    await gone.stop();
    for (let i = 0; i < 6; i++) {
      const init = i % 2 === 0 ? {} : { method: 'POST', body: '{}' };
      expect((await ask('/api/patients', init)).status).toBe(200);
    }
    expect(there.seen).toHaveLength(6);
    const { instances, breaker } = await stateOf('patient');
    expect(instances.map(({ isSkipped }) => isSkipped).sort()).toEqual([false, true]);
    expect(breaker).toBe('closed');
  });

  it('is a 503 with Retry-After when there is no other', async () => {
    const gone = await startUpstream();
    const { ask } = await startSystem([gone]);
    await gone.stop();
    const answer = await ask('/api/patients', { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await problemOf(answer)).toMatchObject({ code: 'GATEWAY.UNREACHABLE', service: 'patient' });
  });
});

describe('what a service answers', () => {
  it('comes through unchanged when it is its own refusal, and is not repeated', async () => {
    const body = '{"code":"STORAGE.UNAVAILABLE","status":503}';
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '7' };
    const patient = await startUpstream((req, res) => {
      answerStatus(Number(req.url?.split('/').at(-1)), headers, body)(req, res);
    });
    const { ask } = await startSystem([patient]);
    for (const [i, status] of [400, 404, 409, 422, 429, 500, 502, 503, 504].entries()) {
      const answer = await ask(`/api/patients/${status}`);
      expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([status, '7', body]);
      expect(patient.seen).toHaveLength(i + 1);
    }
  });

  it('is a 502 when it is not HTTP, and nothing of it is passed on', async () => {
    const nonsense = [
      'hello\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nzz',
      `HTTP/1.1 200 OK\r\nX-Flood: ${'x'.repeat(40_000)}\r\n\r\n`,
      'HTTP/1.1 200 OK\r\nX-Split: a\x00b\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n',
    ];
    const system = await startSystem();
    for (const [i, text] of nonsense.entries()) {
      const { service, path } = places[i] as (typeof places)[number];
      await system.add(service, await startRawUpstream((socket) => void socket.end(text, 'latin1')));
      const answer = await system.ask(path, { method: 'POST' });
      expect([text.slice(0, 60), answer.status]).toEqual([text.slice(0, 60), 502]);
      expect((await problemOf(answer)).code).toBe('GATEWAY.BAD_ANSWER');
    }
  });

  it('is broken, not complete, when it is shorter than it says', async () => {
    const patient = await startRawUpstream((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"items":[]}');
    });
    const { ask } = await startSystem([patient]);
    await expect(ask('/api/patients/1').then((answer) => answer.text())).rejects.toThrow();
  });
});

function reset(...[req]: Parameters<RequestListener>): void {
  req.socket.resetAndDestroy();
}
