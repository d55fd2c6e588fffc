import type { Home } from '../home.ts';
import { sentryFlags } from '../identities.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { accepts, until } from '../wait.ts';

/** Dapr's certificate authority: it gives each sidecar the certificate of its process, for a day and again before that ends. */
export function sentry(options: { home: Home; port: number; binary: string; identities: string }): ProcessSpec {
  const { home, port, binary, identities } = options;
  const flags = { ...sentryFlags(identities), port, 'listen-address': '127.0.0.1' };
  return {
    name: 'sentry',
    kind: 'server',
    command: binary,
    args: [...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), '--log-as-json'],
    cwd: home.run(),
    env: { ...inheritedEnvironment(), GOMEMLIMIT: '32MiB' },
    port,
    after: [],
    ready: (signal) => until(() => accepts(port), signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}
