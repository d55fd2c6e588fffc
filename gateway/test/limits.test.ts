import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { statusOf } from './support/raw.js';
import { problemOf, startSystem } from './support/system.js';
import { answerOk, startUpstream, stayAway } from './support/upstream.js';

describe('the rate limit', () => {
  it('of a user is told with every answer, and ends in a 429 that says when to come back', async () => {
    const patient = await startUpstream();
    const { ask, issuer, url } = await startSystem([patient], {}, { RATE_LIMIT_USER: '5' });
    const first = await ask('/api/patients/1');
    expect(first.headers.get('ratelimit-policy')).toBe('"user";q=5;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"user";r=4;t=60$/);
    for (let i = 0; i < 4; i++) expect((await ask('/api/patients/1')).status).toBe(200);
    const refused = await ask('/api/patients/1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(refused)).toMatchObject({ code: 'REQUEST.TOO_MANY', policy: 'user' });
    expect(patient.seen).toHaveLength(5);
    const other = await issuer.token({ subject: '0190a000-0000-7000-8000-000000000002' });
    const answer = await fetch(`${url}/api/patients/1`, { headers: { authorization: `Bearer ${other}` } });
    expect(answer.status).toBe(200);
  });

  it('of an address counts before the token is looked at, and behind a trusted proxy each caller for themselves', async () => {
    const { url } = await startSystem([], {}, { RATE_LIMIT_ADDRESS: '3', TRUSTED_PROXIES: '127.0.0.1' });
    const statusFor = async (address: string) =>
      (await fetch(`${url}/api/patients/1`, { headers: { 'x-forwarded-for': address } })).status;
    for (const status of [401, 401, 401, 429, 429]) expect(await statusFor('192.0.2.1')).toBe(status);
    expect(await statusFor('192.0.2.2')).toBe(401);
  });

  it('of sign-ins is lower than that of other requests', async () => {
    const system = await startSystem([], {}, { RATE_LIMIT_SIGN_INS: '2' });
    await system.add('auth', await startUpstream());
    const signIn = async () => (await fetch(`${system.url}/api/auth/login`, { method: 'POST', body: '{}' })).status;
    expect([await signIn(), await signIn(), await signIn()]).toEqual([200, 200, 429]);
    expect((await system.ask('/api/auth/me')).status).toBe(200);
    // A refresh is no guess: a practice that shares one address goes on.
    expect((await fetch(`${system.url}/api/auth/refresh`, { method: 'POST' })).status).toBe(200);
  });

  it('of a route holds for all callers together', async () => {
    const system = await startSystem([await startUpstream()], {}, { RATE_LIMIT_ROUTE: '2' });
    await system.add('record', await startUpstream());
    const statuses = [];
    for (const path of ['/api/patients/1', '/api/patients/2', '/api/patients/3', '/api/records/1']) {
      statuses.push((await system.ask(path)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });
});

describe('a role', () => {
  it('that a route is not for is refused without asking the service', async () => {
    const appointment = await startUpstream();
    const system = await startSystem();
    await system.add('appointment', appointment);
    const statusFor = async (...roles: string[]) => {
      const headers = { authorization: `Bearer ${await system.issuer.token({ roles })}` };
      return (await fetch(`${system.url}/api/waiting-list/1`, { headers })).status;
    };
    expect([await statusFor('admin'), await statusFor('practitioner'), await statusFor('patient')]).toEqual([
      403, 200, 200,
    ]);
    // Who must first add a second factor has nothing to ask for there either.
    expect(await statusFor('enrolling')).toBe(403);
    expect(await statusFor('admin', 'practitioner')).toBe(200);
    expect(appointment.seen).toHaveLength(3);
  });
});

describe('a page of another origin', () => {
  it('may read answers when its origin is named, and is never told so otherwise', async () => {
    const patient = await startUpstream();
    const { ask, url } = await startSystem([patient], {}, { CORS_ORIGINS: 'https://portal.test' });
    const allowed = await ask('/api/patients/1', { headers: { origin: 'https://portal.test' } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://portal.test');
    expect(allowed.headers.get('vary')).toBe('Origin');
    const other = await ask('/api/patients/1', { headers: { origin: 'https://evil.test' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();

    const preflight = (origin: string) =>
      fetch(`${url}/api/patients/1`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' },
      });
    const answer = await preflight('https://portal.test');
    expect([answer.status, answer.headers.get('access-control-allow-headers')]).toEqual([204, 'if-match']);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PUT');
    expect((await preflight('https://evil.test')).headers.get('access-control-allow-origin')).toBeNull();
    expect(patient.seen).toHaveLength(2);
  });
});

describe('a service that hangs', () => {
  it('takes no more than its share: what is over is refused at once, and others are served', async () => {
    const hanging = await startUpstream(stayAway);
    const system = await startSystem([hanging], { resilience: { underWayMax: 3 } });
    await system.add('record', await startUpstream());
    const leave = new AbortController();
    for (let i = 0; i < 3; i++) system.ask(`/api/patients/${i}`, { signal: leave.signal }).catch(() => {});
    await eventually(() => expect(hanging.seen).toHaveLength(3));
    const refused = await system.ask('/api/patients/4');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await problemOf(refused)).toMatchObject({ code: 'GATEWAY.SERVICE_BUSY', service: 'patient' });
    expect((await system.ask('/api/records/1')).status).toBe(200);
    leave.abort();
    await eventually(async () => expect((await system.stateOf('patient')).placesLeft).toBe(3));
  });
});

describe('while more comes in than can be answered', () => {
  it('what is over waits, is refused after a moment, and leaves no place taken when its caller goes', async () => {
    const waiting = new Set<() => void>();
    const patient = await startUpstream((req, res) => void waiting.add(() => answerOk(req, res)));
    // Always behind, so that nothing but the number under way counts.
    const { ask, url } = await startSystem([patient], { lagMsMax: -1 });
    const fill = () => Array.from({ length: 200 }, (_, n) => ask(`/api/patients/${n}`));
    const letGo = () => {
      for (const answer of waiting) answer();
      waiting.clear();
    };
    const first = fill();
    await eventually(() => expect(waiting.size).toBe(200));
    const refused = await ask('/api/patients/late');
    expect([refused.status, (await problemOf(refused)).code]).toEqual([503, 'GATEWAY.OVERLOADED']);
    const leave = new AbortController();
    const left = Array.from({ length: 20 }, () =>
      ask('/api/patients/late', { signal: leave.signal }).catch(() => 'gone'),
    );
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    leave.abort();
    await Promise.all(left);
    letGo();
    for (const answer of await Promise.all(first)) expect(answer.status).toBe(200);
    const second = fill();
    await eventually(() => expect(waiting.size).toBe(200));
    letGo();
    for (const answer of await Promise.all(second)) expect(answer.status).toBe(200);
  });
});

describe('while the gateway has no rest', () => {
  it('leaves what comes next on an answered connection unread until others have been answered', async () => {
    const waiting = new Map<string, () => void>();
    const patient = await startUpstream((req, res) => void waiting.set(req.url ?? '', () => answerOk(req, res)));
    const { gateway, token } = await startSystem([patient]);
    const open = () => {
      const socket = connect(gateway.port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      const get = (path: string) =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: cabinet.test\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      return { socket, get };
    };
    const answer = (path: string) => waiting.get(path)?.();
    const isSeen = (path: string) => patient.seen.some(({ url }) => url === path);
    await withoutRest();

    const callers = Array.from({ length: 66 }, open);
    for (const [n, { get }] of callers.entries()) get(`/api/patients/${n}`);
    await eventually(() => expect(waiting.size).toBe(66));
    const [first] = callers as [(typeof callers)[0]];
    const answered = once(first.socket, 'data');
    answer('/api/patients/0');
    expect(String(await answered)).toContain('200 OK');

    first.get('/api/patients/next');
    open().get('/api/patients/of-a-newcomer');
    await eventually(() => expect(isSeen('/api/patients/of-a-newcomer')).toBe(true));
    expect(isSeen('/api/patients/next')).toBe(false);
    for (const n of [1, 2, 3]) answer(`/api/patients/${n}`);
    await eventually(() => expect(isSeen('/api/patients/next')).toBe(true));
  });
});

/** From now to the end of the test the event loop, which is also the gateway's, is never idle. */
async function withoutRest(): Promise<void> {
  let isOver = false;
  const goOn = () => {
    if (!isOver) setImmediate(goOn);
  };
  onTestFinished(() => {
    isOver = true;
  });
  const before = performance.eventLoopUtilization();
  goOn();
  // Longer than the gateway needs to see it.
  await eventually(() => expect(performance.eventLoopUtilization(before).active).toBeGreaterThan(100));
}

describe('a service that is called through the sidecar', () => {
  it('is named to it, and what callers say about sidecars is not', async () => {
    const sidecar = await startUpstream();
    const env = {
      SERVICES_BY_SIDECAR: 'record',
      DAPR_HTTP_PORT: String(sidecar.port),
      DAPR_API_TOKEN: 'of-the-gateway',
    };
    const patient = await startUpstream();
    const { ask } = await startSystem([patient], {}, env);
    const headers = { 'dapr-app-id': 'auth', 'dapr-api-token': 'guessed' };
    expect((await ask('/api/records/1', { headers })).status).toBe(200);
    expect(sidecar.seen[0]).toMatchObject({
      url: '/api/records/1',
      headers: { 'dapr-app-id': 'record', 'dapr-api-token': 'of-the-gateway' },
    });
    await ask('/api/patients/1', { headers });
    expect(Object.keys(patient.seen[0]?.headers ?? {}).filter((name) => name.startsWith('dapr'))).toEqual([]);
  });
});

describe('a caller who sends slowly', () => {
  it('is answered 408 when the headers do not come in time', async () => {
    const { gateway } = await startSystem([], { server: { headersTimeout: 300, connectionsCheckingInterval: 50 } });
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /api/patients HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    let answer = '';
    socket.on('data', (part) => {
      answer += part;
    });
    await eventually(() => expect(statusOf(answer)).toBe(408));
    await eventually(() => expect(socket.closed || socket.readableEnded).toBe(true));
    socket.destroy();
  });
});

describe('answers', () => {
  it('may be stored only where the service says so, and are not sniffed', async () => {
    const patient = await startUpstream((req, res) => {
      if (req.url?.endsWith('public')) res.setHeader('cache-control', 'max-age=60');
      answerOk(req, res);
    });
    const { ask } = await startSystem([patient]);
    const plain = await ask('/api/patients/1');
    expect([plain.headers.get('cache-control'), plain.headers.get('x-content-type-options')]).toEqual([
      'no-store',
      'nosniff',
    ]);
    expect((await ask('/api/patients/public')).headers.get('cache-control')).toBe('max-age=60');
  });

  it('that the gateway gives itself are not sniffed, load nothing and stand in no frame', async () => {
    const { url, ask } = await startSystem([]);
    const own = [
      await fetch(`${url}/api/patients/1`),
      await ask('/api/patients/1'),
      await ask('/nothing'),
      await fetch(`${url}/health/live`),
      await fetch(`${url}/api/nothing`, { method: 'TRACK-ME' }),
      await ask('/api/patients/019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11/overview'),
    ];
    for (const { url: of, status, headers } of own) {
      const said = [headers.get('x-content-type-options'), headers.get('content-security-policy')];
      expect([of, status, ...said]).toEqual([of, status, 'nosniff', "default-src 'none'; frame-ancestors 'none'"]);
    }
  });
});
