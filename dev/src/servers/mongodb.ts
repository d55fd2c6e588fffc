import { mkdirSync } from 'node:fs';
import type { Home } from '../home.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { secret } from '../secrets.ts';
import { accepts, until } from '../wait.ts';

const user = 'cabinet';
/** Where users are kept, as MongoDB does. */
const usersDatabase = 'admin';

export function mongodbUrl(home: Home, port: number, database: string): string {
  return `mongodb://${user}:${secret(home, 'mongodb')}@127.0.0.1:${port}/${database}?authSource=${usersDatabase}`;
}

/** The server that speaks MongoDB's protocol and keeps its data in SQLite files. Production uses MongoDB itself. */
export function mongodb({ home, port, binary }: { home: Home; port: number; binary: string }): ProcessSpec {
  const data = home.data('mongodb');
  mkdirSync(data, { recursive: true });
  const flags = {
    'listen-addr': `127.0.0.1:${port}`,
    handler: 'sqlite',
    'sqlite-url': `file:${data}/`,
    'state-dir': '-',
    'debug-addr': '-',
    telemetry: 'disable',
    'log-level': 'error',
    'log-format': 'json',
    'setup-database': usersDatabase,
    'setup-username': user,
  };
  return {
    name: 'mongodb',
    kind: 'server',
    command: binary,
    // Without the last, it would let everybody in.
    args: [...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), '--test-enable-new-auth'],
    cwd: data,
    env: { ...inheritedEnvironment(), GOMEMLIMIT: '64MiB', FERRETDB_SETUP_PASSWORD: secret(home, 'mongodb') },
    port,
    after: [],
    ready: (signal) => until(() => accepts(port), signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}
