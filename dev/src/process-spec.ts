export type ProcessKind = 'server' | 'app' | 'sidecar';

/** How one process is started, known to be ready, and stopped. */
export interface ProcessSpec {
  /** One word that names it everywhere: its log file, the status table, `npm run logs <name>`. */
  name: string;
  kind: ProcessKind;
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** The user it runs as, when not the present one. */
  owner?: { uid: number; gid: number };
  port: number;
  /** Processes that must be ready before this one is started. */
  after: string[];
  /** Resolves when the process serves; rejects, or waits until `signal` aborts, when it does not. */
  ready(signal: AbortSignal): Promise<void>;
  stopSignal: NodeJS.Signals;
  /** After so long it is killed. */
  stopTimeoutMs: number;
}

const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'JAVA_HOME',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  // How libfaketime tells another date (`npm run test:dates`).
  'LD_PRELOAD',
  'FAKETIME',
  'FAKETIME_DONT_FAKE_MONOTONIC',
  'FAKETIME_DISABLE_SHM',
  'FAKETIME_SKIP_CMDS',
  'NO_FAKE_STAT',
];

/** What a process may see of the environment of whoever started the platform. */
export function inheritedEnvironment(names: string[] = []): Record<string, string> {
  const picked = [...inherited, ...names].map((name) => [name, process.env[name]]);
  return Object.fromEntries(picked.filter(([, value]) => value !== undefined));
}
