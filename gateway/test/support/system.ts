import { onTestFinished } from 'vitest';
import { type Overrides, type RunningGateway, startGateway } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { routeTable } from '../../src/route-table.js';
import { eventually } from './eventually.js';
import { TestRegistry } from './registry.js';
import { startIssuer } from './tokens.js';
import type { TestUpstream } from './upstream.js';

export interface TestSystem {
  registry: TestRegistry;
  gateway: RunningGateway;
  /** `http://127.0.0.1:12345` */
  url: string;
  issuer: Awaited<ReturnType<typeof startIssuer>>;
  /** The token of a practitioner who is their own secretary, valid for ten minutes. */
  token: string;
  /** Asks with that token. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Registers an instance and waits until the gateway knows it. */
  add(service: string, upstream: TestUpstream): Promise<void>;
  /** What `GET /api/system` says of a service. */
  stateOf(service: string): Promise<ServiceState>;
}

export interface ServiceState {
  name: string;
  breaker: string;
  retriesLeft: number;
  placesLeft: number;
  instances: { id: string; origin: string; inFlight: number; isSkipped: boolean }[];
}

/** Services of these tests alone, each with a path: cases that should not share a breaker take one each, in one system. */
export const places = Array.from({ length: 9 }, (_, n) => {
  const service = `service-${n + 1}`;
  return { service, prefix: `/api/${service}`, path: `/api/${service}/1` };
});

/** A gateway on a free port, with a real registry and a token issuer; `patient` has an instance for each of `upstreams`. */
export async function startSystem(
  upstreams: TestUpstream[] = [],
  overrides: Overrides = {},
  env: Record<string, string> = {},
): Promise<TestSystem> {
  const [registry, issuer] = await Promise.all([TestRegistry.start(), startIssuer()]);
  const gateway = await startGatewayFor(registry.url, issuer.jwksUrl, overrides, env);
  const url = `http://127.0.0.1:${gateway.port}`;
  const [token, admin] = await Promise.all([
    issuer.token({ roles: ['practitioner', 'secretary'] }),
    issuer.token({ roles: ['admin'] }),
  ]);
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    return fetch(url + path, { ...init, headers });
  };
  const stateOf = async (service: string) => {
    const answer = await fetch(`${url}/api/system`, { headers: { authorization: `Bearer ${admin}` } });
    const { services } = (await answer.json()) as { services: ServiceState[] };
    const found = services.find(({ name }) => name === service);
    if (!found) throw new Error(`${service} is not in the list`);
    return found;
  };
  const add = async (service: string, upstream: TestUpstream) => {
    await registry.register({ service, port: upstream.port });
    await eventually(async () => {
      const { instances } = await stateOf(service);
      if (!instances.some(({ origin }) => origin.endsWith(`:${upstream.port}`))) throw new Error('not known yet');
    });
  };
  for (const upstream of upstreams) await add('patient', upstream);
  return { registry, gateway, url, issuer, token, ask, add, stateOf };
}

export async function startGatewayFor(
  registryUrls: string,
  jwksUrl: string,
  overrides: Overrides = {},
  env: Record<string, string> = {},
) {
  const config = readConfig({
    APP_PORT: '0',
    LOG_LEVEL: 'silent',
    REGISTRY_URLS: registryUrls,
    JWKS_URL: jwksUrl,
    DRAIN_NOTICE_MS: '0',
    PORTAL_FOLDER: '',
    ...env,
  });
  // Instances join while a test runs, and are to get their full share at once.
  const upstreams = { warmUpMs: 0, ...overrides.upstreams };
  const gateway = await startGateway(config, {
    routes: [...routeTable, ...places],
    pollMs: 100,
    silenceMs: 2_000,
    drainMsMax: 2_000,
    ...overrides,
    upstreams,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= gateway.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...gateway, stop };
}

/** The body of a refusal. */
export async function problemOf(answer: Response) {
  return (await answer.json()) as {
    status: number;
    code: string;
    requestId: string;
    service?: string;
    detail?: string;
  };
}
