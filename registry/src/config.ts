import { ConfigurationError, processEnvironment, readEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';
import { toAppName } from './domain/instance.js';

/** RFC 6750, section 2.1: anything else would never be found in a request. */
const bearerToken = /^[\w.~+/-]+=*$/;
const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []));

const environment = processEnvironment.extend({
  APP_PORT: z.coerce.number().int().min(0).max(65535).default(8761),
  /** How often leases are looked through for those that ran out. */
  EVICTION_MS: z.coerce.number().int().min(10).max(60_000).default(1_000),
  /** Keeps expired leases while more than 15 % of the instances are lost at once. */
  SELF_PRESERVATION: z.stringbool().default(true),
  /** Renewed leases last twice as long as clients asked for, as they do in Netflix's server. */
  DOUBLE_LEASE_DURATION: z.stringbool().default(false),
  /** The other registries, such as `http://127.0.0.1:8762/eureka/`; a name and password in it are used. Itself is left out. */
  PEER_URLS: list.pipe(z.array(z.url())),
  /** Longest wait for an answer of a peer. */
  PEER_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(2_000),
  /** How long a registry that starts waits for peers that do not answer before it tells who is there. */
  SYNC_WAIT_MS: z.coerce.number().int().min(0).max(600_000).default(30_000),
  /** How often each instance is asked how it is, to compare it with its lease; 0 never. */
  DRIFT_MS: z.coerce.number().int().min(0).max(3_600_000).default(10_000),
  /** How often the change feed says that it is alive. */
  FEED_HEARTBEAT_MS: z.coerce.number().int().min(10).max(60_000).default(5_000),
  /** Largest registration accepted, in bytes. */
  BODY_BYTES_MAX: z.coerce.number().int().min(1_024).max(1_048_576).default(65_536),
  INSTANCES_MAX: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  /** What all instances together may say of themselves, in characters. */
  CHARACTERS_MAX: z.coerce.number().int().min(10_000).default(40_000_000),
  /** Limits what one address may fetch and change a second; renewals are never limited. */
  RATE_LIMITS: z.stringbool().default(true),
  /** Refuses (406) to send lists uncompressed. */
  GZIP_REQUIRED: z.stringbool().default(false),
  /** `name:password` that every request but health and metrics must show. */
  BASIC_AUTH: z
    .string()
    .regex(/^[^:]+:.{8,}$/, 'must be name:password, the password at least 8 characters long')
    .optional(),
  /** Tokens, any one of which does instead. */
  ACCESS_TOKENS: list.pipe(z.array(z.string().min(16).regex(bearerToken, 'has characters that no token may have'))),
});

export interface Config {
  host: string;
  /** 0 takes any free port. */
  port: number;
  logLevel: string;
  evictionMs: number;
  selfPreservation: boolean;
  doubleLeaseDuration: boolean;
  peerUrls: string[];
  peerTimeoutMs: number;
  syncWaitMs: number;
  driftMs: number;
  feedHeartbeatMs: number;
  bodyBytesMax: number;
  instancesMax: number;
  charactersMax: number;
  rateLimits: boolean;
  gzipRequired: boolean;
  basicAuth?: string;
  accessTokens: string[];
  /** By the name of the application. */
  processTokens: ReadonlyMap<string, string>;
}

/** `PROCESS_TOKEN_PATIENT`: what the process patient shows to prove that it is patient. */
const processTokenName = /^PROCESS_TOKEN_(.+)$/;
const tokenLengthMin = 16;

/** @throws ConfigurationError */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = readEnvironment(environment, env);
  const processTokens = readProcessTokens(env);
  if (read.CABINET_MODE === 'production' && processTokens.size === 0) {
    throw new ConfigurationError([
      'PROCESS_TOKEN_<NAME>: is needed for each process; without, whoever reaches the registry could pass for any of them',
    ]);
  }
  return {
    host: read.APP_HOST,
    port: read.APP_PORT,
    logLevel: read.LOG_LEVEL,
    evictionMs: read.EVICTION_MS,
    selfPreservation: read.SELF_PRESERVATION,
    doubleLeaseDuration: read.DOUBLE_LEASE_DURATION,
    peerUrls: read.PEER_URLS,
    peerTimeoutMs: read.PEER_TIMEOUT_MS,
    syncWaitMs: read.SYNC_WAIT_MS,
    driftMs: read.DRIFT_MS,
    feedHeartbeatMs: read.FEED_HEARTBEAT_MS,
    bodyBytesMax: read.BODY_BYTES_MAX,
    instancesMax: read.INSTANCES_MAX,
    charactersMax: read.CHARACTERS_MAX,
    rateLimits: read.RATE_LIMITS,
    gzipRequired: read.GZIP_REQUIRED,
    basicAuth: read.BASIC_AUTH,
    accessTokens: read.ACCESS_TOKENS,
    processTokens,
  };
}

function readProcessTokens(env: NodeJS.ProcessEnv): Map<string, string> {
  const tokens = new Map<string, string>();
  const problems: string[] = [];
  for (const [variable, token = ''] of Object.entries(env)) {
    const app = processTokenName.exec(variable)?.[1];
    if (app === undefined) continue;
    if (token.length < tokenLengthMin) problems.push(`${variable}: must be at least ${tokenLengthMin} characters long`);
    if ([...tokens.values()].includes(token)) problems.push(`${variable}: is the token of another process as well`);
    tokens.set(toAppName(app), token);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return tokens;
}
