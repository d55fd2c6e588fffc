import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { complete, getJson, register, startForTest } from './start.js';

const id = complete.instanceId;
const key = { appName: 'PATIENT', id };
const instanceInfo = { ...complete, lastDirtyTimestamp: '1000', overriddenStatus: 'UNKNOWN', status: 'UP' };

interface Told {
  action: string;
  [field: string]: unknown;
}

async function send(url: string, ...replicationList: unknown[]) {
  const answer = await fetch(`${url}/eureka/peerreplication/batch/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ replicationList }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it expects
  const body: any = await answer.json().catch(() => undefined);
  return { status: answer.status, results: body?.responseList };
}

const statusAt = async (url: string) => (await getJson(url, `/instances/${id}`)).instance.status;

describe('what a peer tells', () => {
  it('is answered one by one', async () => {
    const { url } = await startForTest();
    const { status, results } = await send(
      url,
      { ...key, action: 'Heartbeat', lastDirtyTimestamp: 1000, status: 'UP' },
      { ...key, action: 'Register', instanceInfo },
      { ...key, action: 'Heartbeat', lastDirtyTimestamp: 1000, status: 'UP' },
      { ...key, action: 'StatusUpdate', lastDirtyTimestamp: 1000, status: 'OUT_OF_SERVICE' },
      { ...key, action: 'DeleteStatusOverride', lastDirtyTimestamp: 1000, status: 'DOWN' },
      { ...key, action: 'Cancel' },
      { ...key, action: 'Cancel' },
      { ...key, action: 'StatusUpdate', status: 'UP' },
      { ...key, action: 'Register', instanceInfo: { ...instanceInfo, hostName: '' } },
    );
    expect(status).toBe(200);
    expect(results.map(({ statusCode }: { statusCode: number }) => statusCode)).toEqual([
      404, 200, 200, 200, 200, 200, 404, 404, 400,
    ]);
  });

  it('is refused when older than what is known here, with what is known', async () => {
    const { url } = await startForTest();
    await register(url, { ...complete, lastDirtyTimestamp: '2000' });
    const { results } = await send(url, { ...key, action: 'Heartbeat', lastDirtyTimestamp: 1000, status: 'UP' });
    expect(results).toEqual([
      { statusCode: 409, responseEntity: expect.objectContaining({ instanceId: id, lastDirtyTimestamp: '2000' }) },
    ]);
    const alone = await fetch(`${url}/eureka/apps/PATIENT/${id}?lastDirtyTimestamp=1000`, {
      method: 'PUT',
      headers: { 'x-netflix-discovery-replication': 'true', Accept: 'application/json' },
    });
    expect(alone.status).toBe(409);
    expect(await alone.json()).toMatchObject({ instance: { lastDirtyTimestamp: '2000' } });
  });

  it('brings along the newer override of an instance that must be registered again', async () => {
    const { url } = await startForTest();
    await register(url, { ...complete, lastDirtyTimestamp: '1000' });
    const newer = { ...key, lastDirtyTimestamp: 2000, status: 'OUT_OF_SERVICE', overriddenStatus: 'OUT_OF_SERVICE' };
    expect((await send(url, { ...newer, action: 'Heartbeat' })).results).toEqual([{ statusCode: 404 }]);
    await register(url, { ...complete, lastDirtyTimestamp: '2000' });
    expect(await statusAt(url)).toBe('OUT_OF_SERVICE');
  });

  it('counts more than the status known here', async () => {
    const { url } = await startForTest();
    await register(url, { ...complete, lastDirtyTimestamp: '1000' });
    await send(url, { ...key, action: 'Register', instanceInfo: { ...instanceInfo, status: 'OUT_OF_SERVICE' } });
    expect(await statusAt(url)).toBe('OUT_OF_SERVICE');
  });

  it.each(['', '{', 'null', '{}', '{"replicationList":[{}]}', '{"replicationList":[{"action":"Reboot"}]}'])(
    'is refused as a whole when it is %j',
    async (body) => {
      const { url } = await startForTest();
      const answer = await fetch(`${url}/eureka/peerreplication/batch`, { method: 'POST', body });
      expect(answer.status).toBe(400);
    },
  );

  it('by thousands of renewals at once does not lose a change of status between them', async () => {
    const { url } = await startForTest();
    await register(url, { ...complete, lastDirtyTimestamp: '1000' });
    const heartbeats = Array.from({ length: 20 }, () =>
      send(url, ...Array.from({ length: 100 }, () => ({ ...key, action: 'Heartbeat', lastDirtyTimestamp: 1000 }))),
    );
    const update = send(url, { ...key, action: 'StatusUpdate', lastDirtyTimestamp: 1000, status: 'OUT_OF_SERVICE' });
    await Promise.all([...heartbeats, update]);
    expect(await statusAt(url)).toBe('OUT_OF_SERVICE');
  });
});

it('few batches are read at once, and a peer that comes later is asked to come again', async () => {
  const { url, port } = await startForTest();
  const slow = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => slow.forEach((socket) => void socket.destroy()));
  for (const socket of slow) {
    socket.write('POST /eureka/peerreplication/batch HTTP/1.1\r\nHost: r\r\nContent-Length: 1000\r\n\r\n{');
  }
  await expect.poll(async () => (await send(url)).status).toBe(503);
  for (const socket of slow) socket.destroy();
  await expect.poll(async () => (await send(url)).status).toBe(200);
});

/** A peer that writes down what it is told, and answers as it is made to: a status for the whole, or one for each task. */
async function startListener() {
  const batches: Told[][] = [];
  const answers: (number | { each: number; entity?: unknown } | 'cut')[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const part of req) body += part;
    if (req.method === 'GET') return void res.end('{"applications":{"application":[]}}');
    const tasks: Told[] = JSON.parse(body).replicationList;
    const answer = answers.shift() ?? { each: 200 };
    if (answer === 'cut') return void req.socket.destroy();
    batches.push(tasks);
    if (typeof answer === 'number') return void res.writeHead(answer).end();
    const result = { statusCode: answer.each, responseEntity: answer.entity };
    res.end(JSON.stringify({ responseList: tasks.map(() => result) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { batches, answers, url: `http://127.0.0.1:${port}/eureka/` };
}

async function startBesideListener() {
  const listener = await startListener();
  const registry = await startForTest({ PEER_URLS: listener.url });
  const { time } = registry;
  await time.passUntil(async () => (await fetch(`${registry.url}/eureka/apps`)).ok);
  const told = () => listener.batches.flat().map(({ action }) => action);
  const untilTold = (...actions: string[]) => time.passUntil(() => told().join() === actions.join());
  const renew = () => fetch(`${registry.url}/eureka/apps/PATIENT/${id}`, { method: 'PUT' });
  return { ...listener, registry, told, untilTold, renew };
}

describe('a peer', () => {
  it('hears of registration, renewal, override, its removal and departure', async () => {
    const { registry, untilTold, renew, batches } = await startBesideListener();
    const instance = `${registry.url}/eureka/apps/PATIENT/${id}`;
    await register(registry.url, { ...complete, lastDirtyTimestamp: '1000' });
    await untilTold('Register');
    await renew();
    await untilTold('Register', 'Heartbeat');
    await fetch(`${instance}/status?value=OUT_OF_SERVICE`, { method: 'PUT' });
    await untilTold('Register', 'Heartbeat', 'StatusUpdate');
    await fetch(`${instance}/status?value=UP`, { method: 'DELETE' });
    await untilTold('Register', 'Heartbeat', 'StatusUpdate', 'DeleteStatusOverride');
    await fetch(instance, { method: 'DELETE' });
    await untilTold('Register', 'Heartbeat', 'StatusUpdate', 'DeleteStatusOverride', 'Cancel');
    expect(batches.flat()).toMatchObject([
      { ...key, lastDirtyTimestamp: 1000, status: 'UP', instanceInfo: { hostName: 'host', app: 'PATIENT' } },
      { ...key, lastDirtyTimestamp: 1000, status: 'UP' },
      { ...key, status: 'OUT_OF_SERVICE', overriddenStatus: 'OUT_OF_SERVICE' },
      { ...key, status: 'UP' },
      key,
    ]);
  });

  it('hears many things in one request', async () => {
    const { registry, told, batches } = await startBesideListener();
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => register(registry.url, { ...complete, instanceId: String(n) })),
    );
    await registry.time.passUntil(() => told().length === 300);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(250);
    expect(batches.length).toBeLessThan(30);
  });

  it('that does not know who renews is told who it is', async () => {
    const { registry, answers, untilTold, renew } = await startBesideListener();
    await register(registry.url);
    await untilTold('Register');
    answers.push({ each: 404 });
    await renew();
    await untilTold('Register', 'Heartbeat', 'Register');
  });

  it('that knows an instance better is believed', async () => {
    const { registry, answers, untilTold, renew } = await startBesideListener();
    await register(registry.url, { ...complete, lastDirtyTimestamp: '1000' });
    await untilTold('Register');
    answers.push({ each: 409, entity: { ...instanceInfo, status: 'DOWN', lastDirtyTimestamp: '2000' } });
    await renew();
    await registry.time.passUntil(async () => (await statusAt(registry.url)) === 'DOWN');
    await untilTold('Register', 'Heartbeat');
  });

  it('that is busy is told again a second later, one that cannot be reached sooner and then more and more seldom', async () => {
    const { registry, answers, untilTold } = await startBesideListener();
    answers.push(503);
    await register(registry.url);
    expect(await untilTold('Register', 'Register')).toBeGreaterThanOrEqual(1_000);

    answers.push('cut', 'cut', 'cut');
    await fetch(`${registry.url}/eureka/apps/PATIENT/${id}`, { method: 'DELETE' });
    const waitedMs = await untilTold('Register', 'Register', 'Cancel');
    expect(waitedMs).toBeGreaterThanOrEqual(100 + 200 + 400);
    expect(waitedMs).toBeLessThan(3_000);
  });

  it('that refuses is not asked the same again', async () => {
    const { registry, answers, untilTold, renew } = await startBesideListener();
    answers.push(400);
    await register(registry.url);
    await untilTold('Register');
    await renew();
    await untilTold('Register', 'Heartbeat');
  });

  it('that said something is not told it again', async () => {
    const { registry, told, renew } = await startBesideListener();
    await send(registry.url, { ...key, action: 'Register', instanceInfo });
    await renew();
    await registry.time.passUntil(() => told().length > 0);
    expect(told()).toEqual(['Heartbeat']);
  });
});
