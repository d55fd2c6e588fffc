import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@cabinet/kit/observe/log';
import { type Registration, registerInRegistry } from '@cabinet/kit/registry/registration';
import { workTree } from '../../dev/cache.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { type EurekaPeer, startEurekaPeer } from '../../dev/src/servers/eureka-peer.ts';
import { until } from '../support/http.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/tokens.ts';

/** Eureka's JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the tests assert what is in it
type Instance = any;

/** A registry, ours or Netflix's, as the tests ask it. */
export class RegistryView {
  readonly url: string;
  private readonly wantsProof: boolean;

  /** @param wantsProof takes only who proves to be who they say, as ours does. */
  constructor(url: string, wantsProof: boolean) {
    this.url = url;
    this.wantsProof = wantsProof;
  }

  /** For a client, with what proves who it is. */
  addressFor(name: string): string {
    const address = new URL(`${this.url}/eureka/`);
    if (this.wantsProof) {
      address.username = name;
      address.password = tokenOf(name);
    }
    return address.href;
  }

  tokenFor(app: string): string | undefined {
    return this.wantsProof ? tokenOf(app) : undefined;
  }

  /** Of an operator. */
  get headers(): Record<string, string> {
    const credentials = Buffer.from(`operator:${tokenOf('operator')}`).toString('base64');
    return this.wantsProof ? { authorization: `Basic ${credentials}` } : {};
  }

  /** The only instance of an application; not out of a cache, in neither of the two. */
  async instance(app: string): Promise<Instance | undefined> {
    const list = await this.ask(`/eureka/apps/${app}`);
    const id = list?.application?.instance[0]?.instanceId;
    return id && (await this.ask(`/eureka/apps/${app}/${id}`))?.instance;
  }

  async statusOf(app: string): Promise<string | undefined> {
    return (await this.instance(app))?.status;
  }

  private async ask(path: string): Promise<Instance | undefined> {
    const answer = await fetch(this.url + path, { headers: { accept: 'application/json', ...this.headers } });
    return answer.ok ? answer.json() : undefined;
  }
}

/** Everybody on the stage: our registry and Netflix's as peers, and who uses them. */
export interface Cast {
  ours: RegistryView;
  netflix: RegistryView;
  /** Spring's client, which says hello as the process `practitioner`. */
  spring: EurekaPeer;
  springGateway: EurekaPeer;
  /** Our gateway, which reads our registry. */
  gateway: string;
  tokens: TokenIssuer;
  stop(): Promise<void>;
}

const tokenOf = (name: string): string => `the-token-of-${name}`;

const ourSettings = (netflix: RegistryView) => ({
  // Of operators, and of the other registry, which tells of all.
  BASIC_AUTH: `operator:${tokenOf('operator')}`,
  ...Object.fromEntries(
    ['patient', 'practitioner', 'spring-gateway', 'gateway'].map((name) => [`PROCESS_TOKEN_${name}`, tokenOf(name)]),
  ),
  PEER_URLS: netflix.addressFor('operator'),
  SYNC_WAIT_MS: 0,
});

// Fast, so that tests do not wait for the next half minute.
const clientSettings = (registry: RegistryView, name: string) => ({
  'spring.application.name': name,
  'eureka.client.service-url.defaultZone': registry.addressFor(name),
  'eureka.client.registry-fetch-interval-seconds': 1,
  'eureka.client.initial-instance-info-replication-interval-seconds': 1,
  'eureka.instance.lease-renewal-interval-in-seconds': 1,
  'eureka.instance.lease-expiration-duration-in-seconds': 30,
  'eureka.instance.prefer-ip-address': true,
  'eureka.instance.ip-address': '127.0.0.1',
  'spring.cloud.loadbalancer.cache.enabled': false,
});

// Likewise: answers out of no cache, and nobody is waited for at the start.
const netflixSettings = (port: number, peer: string) => ({
  'eureka.client.service-url.defaultZone': peer,
  'eureka.client.register-with-eureka': false,
  'eureka.server.my-url': `http://127.0.0.1:${port}/eureka/`,
  'eureka.server.use-read-only-response-cache': false,
  'eureka.server.wait-time-in-ms-when-sync-empty': 0,
  'eureka.server.number-of-registry-sync-retries': 0,
  'eureka.server.max-threads-for-peer-replication': 2,
});

export async function assemble(): Promise<Cast> {
  const { eurekaPeers: installation } = await bringArtifacts(new Progress(() => undefined), ['eurekaPeers']);
  const logs = join(workTree, '.cabinet/interop');
  mkdirSync(logs, { recursive: true });
  const ports = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
  const [ourPort = 0, netflixPort = 0, springPort = 0, springGatewayPort = 0, gatewayPort = 0] = ports;
  const ours = new RegistryView(`http://127.0.0.1:${ourPort}`, true);
  const netflix = new RegistryView(`http://127.0.0.1:${netflixPort}`, false);
  const tokens = await startTokenIssuer();

  const node = [
    startNode('registry', { APP_PORT: ourPort, ...ourSettings(netflix) }),
    startNode('gateway', {
      ...{ APP_PORT: gatewayPort, JWKS_URL: tokens.jwksUrl },
      ...{ REGISTRY_URLS: `${ours.url}/eureka/`, REGISTRY_TOKEN: tokenOf('gateway') },
    }),
  ];
  const java = (
    program: 'server' | 'client' | 'gateway',
    port: number,
    settings: Record<string, string | number | boolean>,
  ) => startEurekaPeer({ installation, program, port, settings, logFile: join(logs, `${program}.log`) });
  const server = java('server', netflixPort, netflixSettings(netflixPort, ours.addressFor('operator')));
  const spring = java('client', springPort, clientSettings(ours, 'practitioner'));
  const springGateway = java('gateway', springGatewayPort, {
    ...clientSettings(ours, 'spring-gateway'),
    'spring.cloud.gateway.server.webflux.discovery.locator.enabled': true,
    'spring.cloud.gateway.server.webflux.discovery.locator.lower-case-service-id': true,
  });
  const stop = async () => {
    await Promise.all([
      ...[server, spring, springGateway].map((each) => each.stop('SIGKILL')),
      ...node.map((end) => end()),
    ]);
    await tokens.stop();
  };
  try {
    const died = Promise.race([server, spring, springGateway].map((peer) => failWhenEnded(peer, logs)));
    const areUp = Promise.all([server, spring, springGateway].map(({ url }) => until(() => answers(url), 180_000)));
    await Promise.race([areUp, died]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ours, netflix, spring, springGateway, gateway: `http://127.0.0.1:${gatewayPort}`, tokens, stop };
}

const answers = async (url: string): Promise<boolean> => (await fetch(url)).status > 0;

async function failWhenEnded({ url, ended }: EurekaPeer, logs: string): Promise<never> {
  await ended;
  throw new Error(`the Java program at ${url} ended; its log is in ${logs}`);
}

/** A process of ours, as it is deployed. @returns how to end it */
function startNode(name: string, env: Record<string, string | number>): () => Promise<void> {
  const texts = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
  const child = spawn(process.execPath, [join(workTree, name, 'dist/main.js')], {
    env: { ...texts, LOG_LEVEL: 'warn', PATH: process.env.PATH },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return () => {
    child.kill('SIGTERM');
    return ended;
  };
}

/** Registers a process by the code that every service of ours registers with. */
export function register(registry: RegistryView, app: string, url: string, isReady = async () => true): Registration {
  const { hostname, port } = new URL(url);
  return registerInRegistry({
    urls: [`${registry.url}/eureka/`],
    token: registry.tokenFor(app),
    app,
    host: hostname,
    port: Number(port),
    isReady,
    log: createLogger('interop', 'silent'),
    renewalMs: 500,
    checkMs: 100,
  });
}
