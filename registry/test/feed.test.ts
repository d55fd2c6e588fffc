import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readFeed } from './read-feed.js';
import { complete, register, startForTest } from './start.js';

const id = complete.instanceId;

describe('the change feed', () => {
  it('starts with everybody, then tells each change in order', async () => {
    const { url, time } = await startForTest();
    await register(url);
    const feed = await readFeed(`${url}/eureka/`);
    expect(feed.type).toBe('text/event-stream');
    expect(await feed.next()).toMatchObject({
      event: 'snapshot',
      data: { sequence: 1, startedAt: time.now().getTime(), instances: [{ instanceId: id, status: 'UP' }] },
    });

    await register(url, { ...complete, status: 'DOWN' });
    await fetch(`${url}/eureka/apps/PATIENT/${id}/status?value=OUT_OF_SERVICE`, { method: 'PUT' });
    await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'PUT' });
    await fetch(`${url}/eureka/apps/PATIENT/${id}/metadata?zone=a`, { method: 'PUT' });
    await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'DELETE' });
    await register(url, { ...complete, app: 'auth' });

    const told = [await feed.next(), await feed.next(), await feed.next(), await feed.next(), await feed.next()];
    expect(told.map((one) => [one?.data.sequence, one?.data.type, one?.data.reason, one?.data.app])).toEqual([
      [2, 'ADDED', 'registered', 'PATIENT'],
      [3, 'MODIFIED', 'status', 'PATIENT'],
      [4, 'MODIFIED', 'metadata', 'PATIENT'],
      [5, 'DELETED', 'cancelled', 'PATIENT'],
      [6, 'ADDED', 'registered', 'AUTH'],
    ]);
    expect(told.every((one) => one?.event === 'change' && one.data.instanceId === id)).toBe(true);
    expect(told.map((one) => one?.data.instance.status)).toEqual([
      'DOWN',
      'OUT_OF_SERVICE',
      'OUT_OF_SERVICE',
      'OUT_OF_SERVICE',
      'UP',
    ]);
  });

  it('tells of an instance that was lost', async () => {
    const { url, time } = await startForTest({ FEED_HEARTBEAT_MS: '60000' });
    await register(url);
    const feed = await readFeed(`${url}/eureka/`);
    await feed.next();
    time.pass(16_000);
    expect((await feed.next())?.data).toMatchObject({ type: 'DELETED', reason: 'expired', instanceId: id });
  });

  it('tells every reader, and forgets those that left', async () => {
    const { url } = await startForTest();
    const [first, second] = [await readFeed(`${url}/eureka/`), await readFeed(`${url}/eureka/`)];
    await Promise.all([first.next(), second.next()]);
    first.close();
    const readers = async () =>
      /^registry_feed_readers\S* (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    await expect.poll(readers).toBe('1');
    await register(url);
    expect((await second.next())?.data.type).toBe('ADDED');
  });

  it('says that it is alive while nothing changes', async () => {
    const { url, time } = await startForTest();
    const feed = await readFeed(`${url}/eureka/`);
    await feed.next();
    time.pass(15_000);
    await feed.next();
    expect(feed.comments).toBe(3);
  });

  it('ends when the registry stops, and does not hold it up', async () => {
    const { url, stop } = await startForTest();
    const feed = await readFeed(`${url}/eureka/`);
    await feed.next();
    await stop();
    expect(await feed.next()).toBeUndefined();
  });

  it('lets go of a reader that does not read', async () => {
    const { url, port } = await startForTest();
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET /eureka/v2/changes HTTP/1.1\r\nHost: registry\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const readers = async () =>
      /^registry_feed_readers\S* (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    await expect.poll(readers).toBe('1');
    // Beyond what the kernel buffers for the connection, each change is kept in memory.
    const long = { ...complete, homePageUrl: 'x'.repeat(60_000) };
    for (let i = 0; i < 400 && (await readers()) === '1'; i += 1) await register(url, long);
    expect(await readers()).toBe('0');
  });
});

describe('health and metrics', () => {
  it('are there', async () => {
    const { url } = await startForTest();
    await register(url);
    for (const path of ['/health/live', '/health/ready']) expect((await fetch(`${url}${path}`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^registry_instances\{status="UP",service="registry"\} 1$/m);
    expect(metrics).toMatch(/^registry_changes_total\{reason="registered",service="registry"\} 1$/m);
    expect(metrics).toContain('method="POST",route="/eureka/apps/:app",status="204"');
  });
});
