import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Home } from '../home.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { until } from '../wait.ts';

export const mongodbDatabases = ['record'];

export function mongodbUrl(port: number, database: string): string {
  return `mongodb://127.0.0.1:${port}/${database}`;
}

/** The server that speaks MongoDB's protocol. */
export function mongodb({ home, port, binary }: { home: Home; port: number; binary: string }): ProcessSpec {
  const data = home.data('mongodb');
  mkdirSync(data, { recursive: true });
  return {
    name: 'mongodb',
    kind: 'server',
    command: binary,
    args: ['-listen', `127.0.0.1:${port}`, '-data', data],
    cwd: data,
    env: { ...inheritedEnvironment(), GOMEMLIMIT: '64MiB' },
    port,
    after: [],
    ready: (signal) => until(() => accepts(port), signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
