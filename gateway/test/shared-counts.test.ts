import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../tests/support/redis.ts';
import { eventually } from './support/eventually.js';
import { startGatewayFor, startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

/** Two gateways that count in one Redis, and ways to ask each as the same user. */
async function startTwo(requestsAMinute: number) {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const env = { RATE_LIMIT_REDIS_URL: redis.url, RATE_LIMIT_USER: String(requestsAMinute) };
  const { registry, issuer, token, url } = await startSystem([await startUpstream()], {}, env);
  const second = await startGatewayFor(registry.url, issuer.jwksUrl, {}, env);
  const headers = { authorization: `Bearer ${token}` };
  const askAt = (base: string) => async () => fetch(`${base}/api/patients/1`, { headers });
  return { redis, askFirst: askAt(url), askSecond: askAt(`http://127.0.0.1:${second.port}`) };
}

describe('gateways that count in one Redis', () => {
  it('let in as much together as one alone would', async () => {
    const { askFirst, askSecond } = await startTwo(4);
    const statuses = [];
    for (const ask of [askFirst, askSecond, askFirst, askSecond, askFirst, askSecond])
      statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('each count for themselves while it is away, and together again when it is back', async () => {
    const { redis, askFirst, askSecond } = await startTwo(10);
    expect((await askFirst()).headers.get('ratelimit')).toContain('r=9');
    await redis.stop();
    const left = async (ask: () => Promise<Response>) => (await ask()).headers.get('ratelimit')?.match(/r=(\d+)/)?.[1];
    expect([await left(askFirst), await left(askFirst), await left(askSecond)]).toEqual(['9', '8', '9']);
    await redis.start();
    // Its counts begin anew, and each sees what the other has let in.
    await eventually(async () => {
      const [first, second] = [Number(await left(askFirst)), Number(await left(askSecond))];
      expect(second).toBe(first - 1);
    });
  });
});
