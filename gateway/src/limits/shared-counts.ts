import type { Logger } from '@cabinet/kit/observe/log';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { CreateLimiter } from './rate-limits.js';

export interface SharedCounts {
  createLimiter: CreateLimiter;
  close(): void;
}

/** A Redis that is slower than this is taken for away. */
const commandMsMax = 250;
const reconnectMsMax = 2_000;

/**
 * Counts requests in a Redis, for all gateways of a practice together. While it is away each process counts for itself:
 * then a caller may get as many times the limit as there are processes, and nobody is refused for the lack of a Redis.
 * @param url such as `redis://user:password@redis:6379`; it is in no log.
 */
export async function openSharedCounts(url: string, log: Logger): Promise<SharedCounts> {
  const { Redis } = await import('ioredis'); // not loaded by the many that do without
  const redis = new Redis(url, {
    commandTimeout: commandMsMax,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(100 * tries, reconnectMsMax),
  });
  let isAway = false;
  redis.on('error', (error: NodeJS.ErrnoException) => {
    if (!isAway)
      log.warn({ code: error.code }, 'the Redis that counts requests is away: each process counts for itself');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info('the Redis that counts requests is back');
    isAway = false;
  });
  return {
    createLimiter: (policy, points, windowSeconds) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `cabinet:requests:${policy}`,
        points,
        duration: windowSeconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory({ keyPrefix: policy, points, duration: windowSeconds }),
      }),
    close: () => redis.disconnect(),
  };
}
