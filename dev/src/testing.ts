import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Home } from './home.ts';
import type { ProcessSpec } from './process-spec.ts';
import { answers, until } from './wait.ts';

/** A folder for one test, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryHome(): Home {
  const home = new Home(temporaryFolder());
  home.create();
  return home;
}

/** A small process for tests: runs `script` under this Node; ready when its port answers, or at once without one. */
export function nodeSpec(name: string, script: string, overrides: Partial<ProcessSpec> = {}): ProcessSpec {
  const port = overrides.port ?? 0;
  return {
    name,
    kind: 'app',
    command: process.execPath,
    args: ['--input-type=module', '--eval', script],
    cwd: tmpdir(),
    env: { PORT: String(port) },
    port,
    after: [],
    ready: async (signal) => {
      if (port) await until(() => answers(`http://127.0.0.1:${port}/`, 200), signal, 20);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    ...overrides,
  };
}

export const httpScript = `
  import { createServer } from 'node:http';
  createServer((_, answer) => answer.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;
