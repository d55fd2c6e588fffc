import type { Home } from './home.ts';
import type { ProcessState } from './managed-process.ts';
import { Platform } from './platform.ts';
import { messageOf } from './problem.ts';
import { residentBytesWithChildren } from './process-identity.ts';
import { registeredInstances } from './registered.ts';
import { seededLogins, seededPassword, seededServices } from './seed/index.ts';
import { sidecarName } from './sidecar.ts';
import { leftovers, runningState, starter } from './state.ts';
import { answers } from './wait.ts';

export interface ProcessStatus {
  process: string;
  state: ProcessState;
  pid: number | null;
  port: number;
  /** What the registry says of it; null for what does not register. */
  registry: string | null;
  /** Its sidecar: 'up', or what is wrong with it; null for what has none. */
  sidecar: string | null;
  /** Its database as the process itself sees it; null for what has none. */
  database: string | null;
  restarts: number;
  /** Resident memory of the process and of its sidecar. */
  memoryBytes: number;
  sidecarMemoryBytes: number;
}

export interface PlatformStatus {
  running: boolean;
  /** Every process is ready, every service registered, every sidecar and database up. */
  ready: boolean;
  home: string;
  supervisorPid: number | null;
  processes: ProcessStatus[];
  /** Who is starting it, before anything runs. */
  starterPid: number | null;
  /** What still runs, watched by nobody, because the supervisor was killed. */
  leftovers: { process: string; pid: number | null; port: number }[];
}

export async function platformStatus(home: Home): Promise<PlatformStatus> {
  const state = runningState(home);
  const platform = Platform.running(home);
  if (!state || !platform) {
    const left = leftovers(home).map(({ name, identity, port }) => ({
      process: name,
      pid: identity?.pid ?? null,
      port,
    }));
    const nothing = { running: false, ready: false, supervisorPid: null, processes: [] };
    return { ...nothing, home: home.folder, starterPid: starter(home)?.pid ?? null, leftovers: left };
  }
  const names = state.processes.map(({ name }) => name);
  const registered = names.includes('registry') ? await registryView(platform) : new Map<string, string>();
  const own = state.processes.filter(({ kind }) => kind !== 'sidecar');
  const processes = await Promise.all(
    own.map(async ({ name, kind, state: processState, identity, port, restarts }): Promise<ProcessStatus> => {
      const isApp = kind === 'app';
      const sidecarRecord = state.processes.find((each) => each.name === sidecarName(name));
      return {
        process: name,
        state: processState,
        pid: identity?.pid ?? null,
        port,
        registry: platform.services.includes(name) && isApp ? (registered.get(name) ?? 'DOWN') : null,
        sidecar: sidecarRecord ? await probe(`${platform.sidecarUrl(name)}/v1.0/healthz`, 204) : null,
        database: isApp && platform.hasDatabase(name) ? await probe(`${platform.url(name)}/health/ready`, 200) : null,
        restarts,
        memoryBytes: identity ? residentBytesWithChildren(identity.pid) : 0,
        sidecarMemoryBytes: sidecarRecord?.identity ? residentBytesWithChildren(sidecarRecord.identity.pid) : 0,
      };
    }),
  );
  const ready = state.phase === 'running' && processes.every(isGood);
  const supervisorPid = state.supervisor.pid;
  return { running: true, ready, home: home.folder, supervisorPid, processes, starterPid: null, leftovers: [] };
}

function isGood({ state, registry, sidecar, database }: ProcessStatus): boolean {
  return state === 'ready' && [registry, sidecar, database].every((word) => word === null || /^up$/i.test(word));
}

async function registryView(platform: Platform): Promise<Map<string, string>> {
  return registeredInstances(platform.url('registry')).catch(() => new Map());
}

async function probe(url: string, status: number): Promise<string> {
  return answers(url, status).then(
    () => 'up',
    (error) => (/answers (\d+)/.exec(messageOf(error)) ? 'down' : 'no answer'),
  );
}

export function showStatus(status: PlatformStatus): void {
  if (status.starterPid) {
    console.log(`Cabinet is being started (process ${status.starterPid}); npm run down stops it.`);
    return;
  }
  if (status.leftovers.length > 0) {
    const rows = status.leftovers.map(({ process, pid, port }) => [process, pid ?? '-', port]);
    console.log(`Cabinet's supervisor was killed. These still run, and nobody watches them:\n`);
    console.log(table([['PROCESS', 'PID', 'PORT'], ...rows]));
    console.log('\nnpm run down ends them; npm start, or npm run up, ends them and starts everything anew.');
    return;
  }
  if (!status.running) {
    console.log('Cabinet is not running: npm start, or npm run up, starts it.');
    return;
  }
  const head = ['PROCESS', 'STATE', 'PID', 'PORT', 'REGISTRY', 'SIDECAR', 'DATABASE', 'RESTARTS', 'MEMORY'];
  const rows = status.processes.map((each) => [
    each.process,
    each.state,
    each.pid ?? '-',
    each.port,
    each.registry ?? '-',
    each.sidecar ?? '-',
    each.database ?? '-',
    each.restarts,
    `${mebibytes(each.memoryBytes)}${each.sidecarMemoryBytes ? ` + ${mebibytes(each.sidecarMemoryBytes)}` : ''} MiB`,
  ]);
  console.log(table([head, ...rows]));
  const bytes = status.processes.reduce((sum, each) => sum + each.memoryBytes + each.sidecarMemoryBytes, 0);
  console.log(
    `\n${status.ready ? 'All is ready' : 'Not all is ready'}; ${mebibytes(bytes)} MiB in all. Home: ${status.home}`,
  );
}

export function table(rows: (string | number)[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

/** What a person wants to know when it runs. */
export async function welcome(platform: Platform, serversOnly: boolean): Promise<string> {
  if (serversOnly) return '\nThe servers run: PostgreSQL, Kafka and the MongoDB-compatible server.';
  const gateway = platform.url('gateway');
  return [
    '',
    'Cabinet is ready:',
    `  portal     ${platform.portalAddress}`,
    `  gateway    ${gateway}`,
    `  API docs   ${gateway}/docs`,
    `  registry   ${platform.url('registry')}`,
    `  status     ${gateway}/status`,
    ...(platform.mailUrl ? [`  mails      ${platform.mailUrl} (Mailpit: none leaves this machine)`] : []),
    ...(platform.prometheusUrl ? [`  figures    ${platform.prometheusUrl} (Prometheus)`] : []),
    `  logins     ${seededLogins.join(', ')}`,
    `  password   ${seededPassword}`,
    ...(seededServices.every((name) => platform.services.includes(name))
      ? []
      : [
          '',
          'They sign in, and may do what their roles allow; who they are in the practice is known only where it is seeded.',
        ]),
  ].join('\n');
}
