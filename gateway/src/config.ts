import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, processEnvironment, readEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';
import type { SidecarTransport } from './instances/upstream.js';
import { Addresses } from './limits/caller-address.js';
import type { RateSettings } from './limits/rate-limits.js';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

const addresses = (otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .transform((text, context) => {
      try {
        return new Addresses(
          text
            .split(',')
            .map((entry) => entry.trim())
            .filter(Boolean),
        );
      } catch {
        context.addIssue({ code: 'custom', message: 'expected addresses or networks, such as 10.0.0.0/8,::1' });
        return z.NEVER;
      }
    });

const workersMax = 64;

const portalBesideUs = join(import.meta.dirname, '../../portal/dist');
const isPortal = (folder: string) => existsSync(join(folder, 'index.html'));

const aMinute = (otherwise: number) => z.coerce.number().int().min(0).default(otherwise);

const gatewayEnvironment = processEnvironment.extend({
  APP_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Processes that answer on the same port, each of which uses one core at most. */
  WORKERS: z.coerce.number().int().min(1).max(workersMax).default(Math.min(availableParallelism(), workersMax)),
  JWKS_URL: z.url(),
  TOKEN_ISSUER: z.string().default('cabinet'),
  /** Proxies in front of the gateway, whose `X-Forwarded-For` and `-Proto` are believed. */
  TRUSTED_PROXIES: addresses(''),
  /** Who may read `/metrics`. */
  METRICS_READERS: addresses('127.0.0.0/8,::1'),
  /** Other origins whose pages may call the API. */
  CORS_ORIGINS: list,
  /** The zone that this gateway runs in. */
  ZONE: z.string().optional(),
  /** Requests a minute; 0 sets no limit. */
  RATE_LIMIT_ADDRESS: aMinute(6_000),
  RATE_LIMIT_USER: aMinute(3_000),
  RATE_LIMIT_SIGN_INS: aMinute(60),
  RATE_LIMIT_ROUTE: aMinute(0),
  RATE_LIMIT_REPORTS: aMinute(10),
  /** A Redis in which all gateways of a practice count together, such as `redis://user:password@redis:6379`. */
  RATE_LIMIT_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** The portal as it was built, to be served at `/`; empty, or not built beside us: a page that leads to the docs. */
  PORTAL_FOLDER: z.string().default(() => (isPortal(portalBesideUs) ? portalBesideUs : '')),
  /** With both files TLS is served as well, with HTTP/2. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TLS_PORT: z.coerce.number().int().min(0).max(65535).default(8443),
  /** The port that plain HTTP leads to, as seen from outside; absent: plain HTTP is served. */
  TLS_REDIRECT_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  /** Whether browsers are told to use TLS for every host below ours as well. */
  HSTS_SUBDOMAINS: z.stringbool().default(false),
  /** Services that are called through the sidecar rather than at their instances. */
  SERVICES_BY_SIDECAR: list,
  /** How long `/health/ready` says no before connections are refused, for those who look there now and then. */
  DRAIN_NOTICE_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
  DAPR_HTTP_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  DAPR_API_TOKEN: z.string().optional(),
});

export type GatewayConfig = z.infer<typeof gatewayEnvironment>;

export function readConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const config = readEnvironment(gatewayEnvironment, env);
  const problems: string[] = [];
  if (config.REGISTRY_URLS.length === 0) {
    problems.push('REGISTRY_URLS: the gateway finds the services there, name at least one registry');
  }
  if (config.SERVICES_BY_SIDECAR.length > 0 && config.DAPR_HTTP_PORT === undefined) {
    problems.push('DAPR_HTTP_PORT: SERVICES_BY_SIDECAR needs the port of the sidecar');
  }
  if ((config.TLS_CERT_FILE === undefined) !== (config.TLS_KEY_FILE === undefined)) {
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE: give both or neither');
  }
  if (config.TLS_REDIRECT_PORT !== undefined && config.TLS_CERT_FILE === undefined) {
    problems.push('TLS_REDIRECT_PORT: there is no TLS to lead to without TLS_CERT_FILE and TLS_KEY_FILE');
  }
  if (config.PORTAL_FOLDER !== '' && !isPortal(config.PORTAL_FOLDER)) {
    problems.push('PORTAL_FOLDER: there is no index.html in this folder');
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

export const rateSettings = (config: GatewayConfig): RateSettings => ({
  perAddress: config.RATE_LIMIT_ADDRESS,
  perUser: config.RATE_LIMIT_USER,
  signInsPerAddress: config.RATE_LIMIT_SIGN_INS,
  perRoute: config.RATE_LIMIT_ROUTE,
  reportsPerAddress: config.RATE_LIMIT_REPORTS,
});

export const sidecarOf = (config: GatewayConfig): SidecarTransport | undefined =>
  config.DAPR_HTTP_PORT === undefined
    ? undefined
    : {
        origin: `http://127.0.0.1:${config.DAPR_HTTP_PORT}`,
        token: config.DAPR_API_TOKEN,
        services: new Set(config.SERVICES_BY_SIDECAR),
      };
