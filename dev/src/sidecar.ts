import { readFileSync } from 'node:fs';
import type { Home } from './home.ts';
import { Problem } from './problem.ts';
import { inheritedEnvironment, type ProcessSpec } from './process-spec.ts';
import type { Resource } from './resources.ts';
import type { App, AppPorts, SidecarSettings } from './run-file.ts';
import { answers, until } from './wait.ts';

export interface SidecarOptions {
  home: Home;
  app: App;
  ports: AppPorts;
  daprd: string;
  settings: SidecarSettings;
  configuration: string;
  /** The port of the authority that gives it its certificate. */
  sentryPort: number;
  resourceFolders: string[];
  /** What this sidecar must have loaded. */
  resources: Resource[];
  env: Record<string, string>;
  apiToken: string;
  /** Servers that it needs besides those that all do. */
  needs?: string[];
}

/** Servers without which no sidecar starts. */
export const sidecarNeeds = ['kafka', 'sentry'];

export function sidecarName(app: string): string {
  return `${app}-sidecar`;
}

/** The daprd beside one process, reachable from this machine only. */
export function sidecar(options: SidecarOptions): ProcessSpec {
  const { home, app, ports, settings } = options;
  const flags = {
    'app-id': app.name,
    'app-port': ports.app,
    'app-protocol': 'http',
    'app-channel-address': '127.0.0.1',
    'dapr-http-port': ports.daprHttp,
    'dapr-grpc-port': ports.daprGrpc,
    'dapr-internal-grpc-port': ports.daprInternal,
    'metrics-port': ports.daprMetrics,
    'dapr-listen-addresses': '127.0.0.1',
    'dapr-internal-grpc-listen-address': '127.0.0.1',
    'metrics-listen-address': '127.0.0.1',
    'app-health-check-path': settings.healthPath,
    'app-health-probe-interval': settings.healthIntervalSeconds,
    'app-health-probe-timeout': settings.healthTimeoutMs,
    'app-health-threshold': settings.healthThreshold,
    'read-buffer-size': settings.readBufferSize,
    'dapr-graceful-shutdown-seconds': 5,
    config: options.configuration,
    'enable-mtls': true,
    'sentry-address': `127.0.0.1:${options.sentryPort}`,
  };
  return {
    name: sidecarName(app.name),
    kind: 'sidecar',
    command: options.daprd,
    args: [
      ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      ...options.resourceFolders.map((folder) => `--resources-path=${folder}`),
      '--enable-app-health-check',
      '--log-as-json',
    ],
    cwd: home.run(),
    env: { ...inheritedEnvironment(), ...options.env, GOMEMLIMIT: '96MiB' },
    port: ports.daprHttp,
    after: [...sidecarNeeds, ...(options.needs ?? [])],
    ready: async (signal) => {
      const url = `http://127.0.0.1:${ports.daprHttp}`;
      await until(() => answers(`${url}/v1.0/healthz`, 204), signal);
      const response = await answers(`${url}/v1.0/metadata`, 200, { 'dapr-api-token': options.apiToken });
      const log = readFileSync(home.log(sidecarName(app.name)), 'utf8');
      requireLoaded(app.name, options.resources, (await response.json()) as SidecarMetadata, log);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 12_000,
  };
}

/** What `GET /v1.0/metadata` tells, as far as it is looked at. */
export interface SidecarMetadata {
  components?: { name: string }[];
  subscriptions?: { topic: string }[];
}

/**
 * Refuses when the sidecar runs without something that its folders hold: it would have said so in its log at most.
 * Policies are not in its metadata, so they are looked for among the lines it logged.
 */
export function requireLoaded(app: string, wanted: Resource[], metadata: SidecarMetadata, log: string): void {
  const components = new Set(metadata.components?.map(({ name }) => name));
  const topics = new Set(metadata.subscriptions?.map(({ topic }) => topic));
  const isLoaded: Record<string, (resource: Resource) => boolean> = {
    Component: ({ name }) => components.has(name),
    Subscription: ({ spec }) => topics.has(spec.topic as string),
    Resiliency: ({ name }) => log.includes(`Loading Resiliency configuration: ${name}`),
  };
  const absent = wanted.filter((resource) => !isLoaded[resource.kind]?.(resource));
  if (absent.length > 0) {
    const names = absent.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new Problem(`the sidecar of ${app} did not load ${names}: see npm run logs ${sidecarName(app)}.`);
  }
  if (log.includes("couldn't find name resolver")) {
    throw new Problem(
      'the daprd of this machine has no SQLite name resolution: take it off the PATH to have one built.',
    );
  }
}
