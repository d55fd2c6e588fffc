import { describe, expect, it } from 'vitest';
import { rawRequest, sendRaw } from './support/raw.js';
import { startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

describe('the headers of a request', () => {
  it('lose what belongs to one connection, and what only a sidecar or the gateway may say', async () => {
    const patient = await startUpstream();
    const { gateway, token } = await startSystem([patient]);
    await sendRaw(
      gateway.port,
      rawRequest('/api/patients/1', [
        `Authorization: Bearer ${token}`,
        'Connection: X-For-This-Hop, close',
        'X-For-This-Hop: 1',
        'Keep-Alive: timeout=5',
        'Proxy-Authorization: Basic eA==',
        'Proxy-Connection: keep-alive',
        'TE: trailers',
        'Trailer: X-Sum',
        'Upgrade: h2c',
        'dapr-app-id: record',
        'dapr-api-token: guessed',
        'Dapr-Caller-App-Id: alert',
        'X-User-Id: 1',
        'X_User_Roles: admin',
        'X-Forwarded-For: 10.0.0.1',
        'X-Forwarded-Prefix: /admin',
        'Forwarded: for=10.0.0.1',
        'X-Real-IP: 10.0.0.1',
        'X-Kept: yes',
        'Accept-Language: fr',
      ]),
    );
    const {
      host,
      connection,
      authorization,
      traceparent,
      'x-request-id': requestId,
      ...rest
    } = patient.seen[0]?.headers ?? {};
    expect(rest).toEqual({
      'accept-language': 'fr',
      'x-kept': 'yes',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'cabinet.test',
    });
    expect(host).toBe(`127.0.0.1:${patient.port}`);
    expect(connection).toBe('keep-alive');
    expect(authorization).toBe(`Bearer ${token}`);
    expect(traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(requestId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tell the service which page asks and which host was asked, so that it can refuse pages of others', async () => {
    const auth = await startUpstream();
    const system = await startSystem();
    await system.add('auth', auth);
    for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
      const headers = { origin: 'https://elsewhere.test', 'sec-fetch-site': 'cross-site' };
      await fetch(`${system.url}${path}`, { method: 'POST', headers });
      const host = new URL(system.url).host;
      expect(auth.seen.at(-1)?.headers).toMatchObject({
        ...headers,
        'x-forwarded-host': host,
        'x-forwarded-proto': 'http',
      });
    }
  });

  it('that are lists may come in several lines, and are one list to the service', async () => {
    const patient = await startUpstream();
    const { gateway, token } = await startSystem([patient]);
    const headers = [
      `Authorization: Bearer ${token}`,
      'If-Match: "v1"',
      'If-Match: "v2"',
      'Accept: a/b',
      'Accept: c/d',
    ];
    await sendRaw(gateway.port, rawRequest('/api/patients/1', headers));
    expect(patient.seen[0]?.headers).toMatchObject({ 'if-match': '"v1", "v2"', accept: 'a/b, c/d' });
  });

  it('keep a harmless request id and a valid trace, and get new ones otherwise', async () => {
    const patient = await startUpstream();
    const { ask } = await startSystem([patient]);
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const kept = await ask('/api/patients/1', {
      headers: { 'x-request-id': 'call-0042', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(kept.headers.get('x-request-id')).toBe('call-0042');
    expect(patient.seen[0]?.headers['x-request-id']).toBe('call-0042');
    expect(patient.seen[0]?.headers.traceparent).toContain(traceId);

    const replaced = await ask('/api/patients/1', {
      headers: {
        'x-request-id': '<script>alert(1)</script>',
        traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
      },
    });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(patient.seen[1]?.headers['x-request-id']).toBe(replaced.headers.get('x-request-id'));
    expect(patient.seen[1]?.headers.traceparent).not.toContain('0'.repeat(32));
  });
});

describe('the headers of an answer', () => {
  it('keep the service’s own, all cookies among them, and lose what belongs to one connection', async () => {
    const patient = await startUpstream((_req, res) => {
      res.writeHead(201, [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', 'a=1; HttpOnly'],
        ['Set-Cookie', 'b=2; HttpOnly'],
        ['ETag', '"v3"'],
        ['X-Powered-By', 'Express'],
        ['X-Request-Id', 'of-the-service'],
        ['Keep-Alive', 'timeout=1'],
        ['X-Internal', '1'],
        ['Connection', 'X-Internal, keep-alive'],
      ] as unknown as string[]);
      res.end('{}');
    });
    const { ask } = await startSystem([patient]);
    const answer = await ask('/api/patients', { method: 'POST', headers: { 'x-request-id': 'call-0043' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2; HttpOnly']);
    expect(answer.headers.get('etag')).toBe('"v3"');
    expect(answer.headers.get('x-request-id')).toBe('call-0043');
    for (const name of ['x-powered-by', 'x-internal']) expect(answer.headers.get(name)).toBeNull();
    expect(answer.headers.get('keep-alive')).not.toBe('timeout=1');
  });
});
