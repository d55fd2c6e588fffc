import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from './lifecycle.js';

describe('stopping a listener', () => {
  it('lets the request under way finish, and then does not wait for its kept connection', async () => {
    // Far longer than a test may take: only a connection that is closed in time lets this one pass.
    const { port, stop, server } = await listen(() => {}, { host: '127.0.0.1', port: 0, drainMsMax: 600_000 });
    onTestFinished(() => server.closeAllConnections());
    const answer = fetch(`http://127.0.0.1:${port}/`);
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    const stopped = stop();
    response.end('done');
    expect(await (await answer).text()).toBe('done');
    await stopped;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
