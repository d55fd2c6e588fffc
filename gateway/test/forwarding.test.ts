import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { untilStill } from './support/still.js';
import { startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a request on its way to a service', () => {
  it('reaches an instance with its method, path and query, and the answer comes back', async () => {
    const patient = await startUpstream();
    const { ask } = await startSystem([patient]);
    const answer = await ask('/api/patients/42?name=Zo%C3%A9%20M&limit=5');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      port: patient.port,
      method: 'GET',
      url: '/api/patients/42?name=Zo%C3%A9%20M&limit=5',
    });
  });

  it('takes an alias to the path that the service knows', async () => {
    const practitioner = await startUpstream();
    const system = await startSystem();
    await system.add('practitioner', practitioner);
    await system.ask('/api/doctors/7/places?limit=1');
    await system.ask('/api/doctors');
    expect(practitioner.seen.map(({ url }) => url)).toEqual([
      '/api/practitioners/7/places?limit=1',
      '/api/practitioners',
    ]);
  });

  it('goes to the service of a prefix of one segment', async () => {
    const facade = await startUpstream();
    const system = await startSystem([], { routes: [{ prefix: '/fhir', service: 'facade' }] });
    await system.add('facade', facade);
    for (const path of ['/fhir', '/fhir/Patient/42?_elements=name']) {
      expect([path, (await system.ask(path)).status]).toEqual([path, 200]);
    }
    expect(facade.seen.map(({ url }) => url)).toEqual(['/fhir', '/fhir/Patient/42?_elements=name']);
    expect((await system.ask('/fhirs')).status).toBe(404);
  });

  it('carries 8 MiB each way unchanged, with and without a known length', async () => {
    const patient = await startUpstream((req, res) => {
      if (req.headers['content-length']) res.setHeader('content-length', req.headers['content-length']);
      req.pipe(res);
    });
    const { ask } = await startSystem([patient]);
    const body = randomBytes(8 * 1024 * 1024);
    const known = await ask('/api/patients/import', { method: 'POST', body });
    expect(known.headers.get('content-length')).toBe(String(body.length));
    expect(hash(await known.bytes())).toBe(hash(body));

    const parts = async function* () {
      for (let at = 0; at < body.length; at += 100_000) yield body.subarray(at, at + 100_000);
    };
    const init = { method: 'POST', body: ReadableStream.from(parts()), duplex: 'half' };
    const unknown = await ask('/api/patients/import', init as RequestInit);
    expect(patient.seen.at(-1)?.headers['transfer-encoding']).toBe('chunked');
    expect(hash(await unknown.bytes())).toBe(hash(body));
  });

  it('slows the service down to the pace of a slow reader instead of holding the answer', async () => {
    const total = 512 * 1024 * 1024;
    const part = Buffer.alloc(256 * 1024);
    let written = 0;
    const patient = await startUpstream((_req, res) => {
      const write = () => {
        while (written < total) {
          written += part.length;
          if (!res.write(part)) return void res.once('drain', write);
        }
        res.end();
      };
      write();
    });
    const { url, token } = await startSystem([patient]);
    const asked = request(`${url}/api/patients`, { headers: { authorization: `Bearer ${token}` } }).end();
    const [answer] = await once(asked, 'response');
    await untilStill(() => written);
    // What is on the way stands in the buffers of four sockets, not in the gateway.
    expect(written).toBeLessThan(total / 4);
    answer.destroy();
  });

  it('slows the caller down to the pace of a slow service', async () => {
    let take: () => void = () => {};
    let taken = 0;
    const patient = await startUpstream((req, res) => {
      take = () => {
        req.on('data', (bytes: Buffer) => {
          taken += bytes.length;
        });
        req.on('end', () => res.end('done'));
      };
    });
    const total = 64 * 1024 * 1024;
    const limitsFor = () => ({ bodyBytesMax: total, bodyMs: 60_000, timeoutMs: 10_000 });
    const { url, token } = await startSystem([patient], { limitsFor });
    const asked = request(`${url}/api/patients/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': total },
    });
    let sent = 0;
    const parts = function* () {
      for (; sent < total; sent += 65_536) yield Buffer.alloc(65_536);
    };
    Readable.from(parts()).pipe(asked);
    await untilStill(() => sent);
    expect(sent).toBeLessThan(total);
    take();
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).toBe(200);
    expect(taken).toBe(total);
    answer.resume();
  });

  it('is given up at the service when the caller goes away', async () => {
    const gone: string[] = [];
    const patient = await startUpstream((req, res) => {
      if (req.url === '/api/patients/begun') res.write('a part');
      res.once('close', () => gone.push(req.url ?? ''));
    });
    const { ask, stateOf } = await startSystem([patient]);
    for (const path of ['/api/patients/silent', '/api/patients/begun']) {
      const leave = new AbortController();
      const asked = ask(path, { signal: leave.signal });
      asked.catch(() => {});
      await eventually(() => expect(patient.seen.some(({ url }) => url === path)).toBe(true));
      if (path.endsWith('begun')) await asked;
      leave.abort();
      await eventually(() => expect(gone).toContain(path));
    }
    expect(await stateOf('patient')).toMatchObject({ breaker: 'closed', instances: [{ inFlight: 0 }] });
  });

  it('gets the events of a stream one by one, as they are sent', async () => {
    const next: (() => void)[] = [];
    const patient = await startUpstream((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.flushHeaders();
      for (const n of [1, 2, 3]) next.push(() => res.write(`data: ${n}\n\n`));
    });
    const { ask } = await startSystem([patient]);
    const leave = new AbortController();
    const answer = await ask('/api/patients/events', {
      headers: { accept: 'text/event-stream' },
      signal: leave.signal,
    });
    const reader = answer.body?.getReader();
    for (const n of [1, 2, 3]) {
      next.shift()?.();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(`data: ${n}\n\n`);
    }
    leave.abort();
  });

  it('gets an answer that breaks off as broken, never as complete', async () => {
    const patient = await startUpstream((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.write('{"allergies":[');
      setImmediate(() => res.destroy());
    });
    const { ask } = await startSystem([patient]);
    await expect(ask('/api/patients/1').then((answer) => answer.text())).rejects.toThrow();
  });

  it('gets the answer of a service that refuses before it has read the body', async () => {
    const patient = await startUpstream((_req, res) => {
      res.writeHead(415, { 'content-type': 'application/problem+json' }).end('{"code":"REQUEST.UNSUPPORTED"}');
    });
    const { ask } = await startSystem([patient]);
    const answer = await ask('/api/patients/import', { method: 'POST', body: new Uint8Array(12 * 1024 * 1024) });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toEqual({ code: 'REQUEST.UNSUPPORTED' });
  });

  it('gets HEAD, 204 and 304 answers without a body, and the connection stays usable', async () => {
    const patient = await startUpstream((req, res) => {
      const status = Number(req.url?.split('/').at(-1));
      res.writeHead(status, status === 200 ? { 'content-length': '500' } : {}).end();
    });
    const { ask } = await startSystem([patient]);
    const head = await ask('/api/patients/200', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '500']);
    expect((await ask('/api/patients/204', { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/api/patients/304')).status).toBe(304);
    expect((await ask('/api/patients/204')).status).toBe(204);
  });
});
