import { processEnvironment, readEnvironment } from '@cabinet/kit/process';
import { z } from 'zod';

const environment = processEnvironment.extend({
  APP_PORT: z.coerce.number().int().min(0).max(65535).default(8761),
  /** How often leases are looked through for those that ran out. */
  EVICTION_MS: z.coerce.number().int().min(10).max(60_000).default(1_000),
  /** How often the change feed says that it is alive. */
  FEED_HEARTBEAT_MS: z.coerce.number().int().min(10).max(60_000).default(5_000),
  /** Largest registration accepted, in bytes. */
  BODY_BYTES_MAX: z.coerce.number().int().min(1_024).max(1_048_576).default(65_536),
});

export interface Config {
  host: string;
  /** 0 takes any free port. */
  port: number;
  logLevel: string;
  evictionMs: number;
  feedHeartbeatMs: number;
  bodyBytesMax: number;
}

/** @throws ConfigurationError */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const read = readEnvironment(environment, env);
  return {
    host: read.APP_HOST,
    port: read.APP_PORT,
    logLevel: read.LOG_LEVEL,
    evictionMs: read.EVICTION_MS,
    feedHeartbeatMs: read.FEED_HEARTBEAT_MS,
    bodyBytesMax: read.BODY_BYTES_MAX,
  };
}
