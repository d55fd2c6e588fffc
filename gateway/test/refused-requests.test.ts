import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { rawRequest, sendRaw, statusOf } from './support/raw.js';
import { problemOf, startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

const ambiguousPaths = [
  '/api/patients/../../events/x',
  '/api/patients/..',
  '/api/patients/./1',
  '/api/patients/%2e%2e/1',
  '/api/patients/%2E%2E%2F1',
  '/api/patients/.%2e/1',
  '/api/patients/..;x=1/1',
  '/api/patients/a%2fb',
  '/api/patients/a%5cb',
  '/api/patients/a\\b',
  '/api/patients/%252e%252e/1',
  '/api/patients/%25%32%65/1',
  '/api/patients/a%00b',
  '/api/patients/a%0d%0ab',
  '/api/patients/%c0%ae%c0%ae/1',
  '/api/patients/%zz',
  '/api//patients/1',
  '//api/patients/1',
  '/api/patients/\xe9',
  '/api/patients/1#part',
  'http://elsewhere.test/api/../patients/1',
  'http://user@elsewhere.test/api/patients/1',
  'http:///api/patients/1',
  'ftp://elsewhere.test/api/patients/1',
  'elsewhere.test:80',
  '*',
];

const notHttp = [
  'GET /api/patients HTTP/1.1\r\n\r\n', // no Host
  'GET /api/patients HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n',
  'POST /api/patients HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /api/patients HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
  ...['xchunked', 'chunked, chunked', 'chunked, gzip', 'gzip'].map(
    (coding) => `POST /api/patients HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`,
  ),
  'POST /api/patients HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n',
  'POST /api/patients HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'GET /api/patients HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n folded\r\n\r\n',
  'GET /api/patients HTTP/1.1\r\nHost: a\r\nX-A: \x00\r\n\r\n',
  'nonsense\r\n\r\n',
  ...['a', 'a, b'].map((host) => `GET /api/patients HTTP/1.1\r\nHost: a\r\nHost: ${host}\r\n\r\n`),
  ...['user@a', 'a/b', 'a b', '', 'a?b', 'a#b', '[::1', 'a:b', 'a\\b', ':80'].map(
    (host) => `GET /api/patients HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  ),
  'GET http://a/api/patients HTTP/1.1\r\nHost: user@a\r\n\r\n',
  'POST /api/patients HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}',
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'Origin', 'Range'].map(
    (name) => `GET /api/patients HTTP/1.1\r\nHost: a\r\n${name}: a\r\n${name.toLowerCase()}: b\r\n\r\n`,
  ),
];

const notSpoken: [status: number, code: string, text: string][] = [
  [505, 'REQUEST.UNKNOWN_VERSION', 'GET /api/patients HTTP/2.0\r\nHost: a\r\n\r\n'],
  ...['gzip, chunked', 'identity, chunked'].map((coding): [number, string, string] => [
    501,
    'REQUEST.UNKNOWN_CODING',
    `POST /api/patients HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`,
  ]),
];

describe('a request that could be read in two ways', () => {
  it('is answered 400 and never reaches a service', async () => {
    const patient = await startUpstream();
    const { gateway, token } = await startSystem([patient]);
    for (const target of ambiguousPaths) {
      const answer = await sendRaw(gateway.port, rawRequest(target, [`Authorization: Bearer ${token}`]));
      expect([target, statusOf(answer)]).toEqual([target, 400]);
      expect(answer).toMatch(/"code":"REQUEST.MALFORMED(_PATH)?"/);
    }
    for (const text of notHttp) {
      const authorized = text.replace('\r\n', `\r\nAuthorization: Bearer ${token}\r\n`);
      const answer = await sendRaw(gateway.port, authorized);
      expect([text, statusOf(answer)]).toEqual([text, 400]);
    }
    for (const [status, code, text] of notSpoken) {
      const answer = await sendRaw(gateway.port, text.replace('\r\n', `\r\nAuthorization: Bearer ${token}\r\n`));
      expect([text, statusOf(answer), answer.includes(`"code":"${code}"`)]).toEqual([text, status, true]);
    }
    expect(patient.seen).toEqual([]);
  });

  it('is one no more when its target names the host: that counts, whatever else it says', async () => {
    const patient = await startUpstream();
    const { gateway, token } = await startSystem([patient]);
    const authorization = `Authorization: Bearer ${token}`;
    for (const target of ['http://named.test:8080/api/patients/1?a=b', 'HTTPS://named.test:8080/api/patients/1?a=b']) {
      expect(statusOf(await sendRaw(gateway.port, rawRequest(target, [authorization])))).toBe(200);
      expect(patient.seen.at(-1)).toMatchObject({
        url: '/api/patients/1?a=b',
        headers: { 'x-forwarded-host': 'named.test:8080' },
      });
    }
    for (const target of ['http://named.test/health/live', 'http://named.test', 'http://named.test?a']) {
      expect([target, statusOf(await sendRaw(gateway.port, rawRequest(target)))]).toEqual([target, 200]);
    }
  });

  it('is let through when it only looks unusual', async () => {
    const patient = await startUpstream();
    const { gateway, token } = await startSystem([patient]);
    const usual = [
      '/api/patients/Zo%C3%A9',
      '/api/patients/a.b',
      '/api/patients/..a',
      '/api/patients/1/',
      '/api/patients/50%25',
    ];
    for (const target of usual) {
      const answer = await sendRaw(gateway.port, rawRequest(target, [`Authorization: Bearer ${token}`]));
      expect([target, statusOf(answer)]).toEqual([target, 200]);
    }
    expect(patient.seen.map(({ url }) => url)).toEqual(usual);
  });
});

describe('a request that is too much', () => {
  it('is answered 413 by its length at once, without asking for the body', async () => {
    const patient = await startUpstream();
    const { url, token } = await startSystem([patient]);
    const asked = request(`${url}/api/patients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': 1024 * 1024 + 1, expect: '100-continue' },
    });
    let wasAskedFor = false;
    asked.once('continue', () => {
      wasAskedFor = true;
    });
    asked.flushHeaders();
    const [answer] = await once(asked, 'response');
    expect([answer.statusCode, wasAskedFor]).toEqual([413, false]);
    expect(patient.seen).toEqual([]);
    asked.destroy();
  });

  it('is answered 413 when a body of unknown length goes on too long', async () => {
    const patient = await startUpstream();
    const { ask } = await startSystem([patient]);
    const parts = function* () {
      for (let i = 0; i < 32; i++) yield new Uint8Array(64 * 1024);
    };
    const init = { method: 'POST', body: ReadableStream.from(parts()), duplex: 'half' };
    const answer = await ask('/api/patients', init as RequestInit);
    expect(answer.status).toBe(413);
    expect((await problemOf(answer)).code).toBe('REQUEST.TOO_LARGE');
  });

  it('may bring more to an import', async () => {
    const patient = await startUpstream();
    const { ask } = await startSystem([patient]);
    const body = new Uint8Array(1024 * 1024 + 1);
    expect((await ask('/api/patients', { method: 'POST', body })).status).toBe(413);
    expect((await ask('/api/patients/import', { method: 'POST', body })).status).toBe(200);
  });

  it('is asked for its body when it waits to be asked', async () => {
    const patient = await startUpstream();
    const { url, token } = await startSystem([patient]);
    const asked = request(`${url}/api/patients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': 2, expect: '100-continue' },
    });
    asked.flushHeaders();
    await once(asked, 'continue');
    asked.end('{}');
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).toBe(200);
    expect(patient.seen[0]?.headers.expect).toBeUndefined();
    answer.resume();
  });

  it('is answered 431 for headers and 414 for an address that are too long', async () => {
    const patient = await startUpstream();
    const { gateway } = await startSystem([patient]);
    const flooded = await sendRaw(gateway.port, rawRequest('/api/patients', [`X-Flood: ${'x'.repeat(20_000)}`]));
    expect(statusOf(flooded)).toBe(431);
    expect(flooded).toContain('"code":"REQUEST.HEADERS_TOO_LARGE"');
    const long = await sendRaw(gateway.port, rawRequest(`/api/patients?name=${'x'.repeat(9_000)}`));
    expect(statusOf(long)).toBe(414);
    expect(patient.seen).toEqual([]);
  });

  it('is answered 408 when its body does not come, and the service is not blamed', async () => {
    const patient = await startUpstream();
    const limitsFor = () => ({ bodyBytesMax: 1024 * 1024, bodyMs: 300, timeoutMs: 300 });
    const { gateway, token, stateOf } = await startSystem([patient], { limitsFor });
    for (const headers of [['Content-Length: 10'], ['Transfer-Encoding: chunked']]) {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write(rawRequest('/api/patients', [`Authorization: Bearer ${token}`, ...headers], 'POST'));
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      await eventually(() => expect(statusOf(answer)).toBe(408));
      expect(answer).toContain('"code":"REQUEST.TOO_SLOW"');
      socket.destroy();
    }
    expect((await stateOf('patient')).breaker).toBe('closed');
  });
});

describe('a request that leads nowhere', () => {
  it('is answered 404 or 405 with a problem body', async () => {
    const { ask, gateway } = await startSystem();
    for (const path of [
      '/nothing',
      '/api/nothing',
      '/api',
      '/API/patients',
      '/events/appointment',
      '/dapr/subscribe',
    ]) {
      const answer = await ask(path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
      const { code, requestId } = await problemOf(answer);
      expect([code, requestId]).toEqual(['REQUEST.NO_SUCH_ROUTE', answer.headers.get('x-request-id')]);
    }
    for (const [method, path] of [
      ['POST', '/health/live'],
      ['DELETE', '/openapi.json'],
      ['PUT', '/'],
    ] as const) {
      const answer = await ask(path, { method });
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD, OPTIONS']);
      expect((await problemOf(answer)).code).toBe('REQUEST.METHOD_NOT_ALLOWED');
      const asked = await ask(path, { method: 'OPTIONS' });
      expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    }
    const traced = await sendRaw(gateway.port, rawRequest('/api/patients', [], 'TRACE'));
    expect(statusOf(traced)).toBe(405);
    expect(traced).toContain('Allow: GET, HEAD');
  });
});
