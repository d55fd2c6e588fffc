import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { Problem } from './problem.ts';
import { commandName, homeMarker, variableOf } from './process-identity.ts';
import type { App, AppPorts } from './run-file.ts';
import { until } from './wait.ts';

export interface ServerPorts {
  postgres: number;
  kafka: number;
  kafkaController: number;
  mongodb: number;
  sentry: number;
  /** Where mail is given to the mail server. */
  mailpit: number;
  /** Where it shows what it was given. */
  mailpitPage: number;
  mosquitto: number;
}

/** Ports of what looks at the platform, when it is asked for. */
export interface ObserverPorts {
  prometheus: number;
}

/** Every port of a platform. */
export interface Ports {
  servers: ServerPorts;
  observers?: ObserverPorts;
  apps: Record<string, AppPorts>;
}

export const defaultServerPorts: ServerPorts = {
  postgres: 54320,
  kafka: 19092,
  kafkaController: 19093,
  mongodb: 37017,
  sentry: 19094,
  mailpit: 11025,
  mailpitPage: 18025,
  mosquitto: 11883,
};

export const defaultObserverPorts: ObserverPorts = { prometheus: 19090 };

const suffixes: Record<keyof AppPorts, string> = {
  app: '',
  daprHttp: '_DAPR_HTTP',
  daprGrpc: '_DAPR_GRPC',
  daprInternal: '_DAPR_INTERNAL',
  daprMetrics: '_DAPR_METRICS',
};

/** The environment variable that changes a port, such as CABINET_PORT_PATIENT or CABINET_PORT_PATIENT_DAPR_HTTP. */
export function portVariable(name: string, suffix = ''): string {
  return `CABINET_PORT_${name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase()}${suffix}`;
}

interface Slot {
  variable: string;
  owner: string;
  get(): number;
  set(port: number): void;
}

/**
 * The ports that the run file, the defaults and the environment (which wins) give. Refuses what is not a port, and one
 * port for two.
 */
export function resolvePorts(apps: App[], env: NodeJS.ProcessEnv, isObserved = false): Ports {
  const ports = defaultPorts(apps, isObserved);
  const owners = new Map<number, string>();
  for (const slot of slotsOf(ports)) {
    const wanted = env[slot.variable];
    if (wanted !== undefined && wanted !== '') {
      if (!/^\d{1,5}$/.test(wanted) || Number(wanted) < 1 || Number(wanted) > 65_535) {
        throw new Problem(`${slot.variable}=${wanted} is not a port: give a number from 1 to 65535.`);
      }
      slot.set(Number(wanted));
    }
    const other = owners.get(slot.get());
    if (other)
      throw new Problem(`port ${slot.get()} is wanted by ${other} and ${slot.owner}: change one by ${slot.variable}.`);
    owners.set(slot.get(), slot.owner);
  }
  return ports;
}

/** Ports that are all free now, for a platform beside another one. */
export async function freePorts(apps: App[], isObserved = false): Promise<Ports> {
  const ports = defaultPorts(apps, isObserved);
  const held: Server[] = [];
  try {
    for (const slot of slotsOf(ports)) slot.set(await holdFreePort(held));
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  return ports;
}

/** The variables that ask for exactly these ports. */
export function portVariables(ports: Ports): Record<string, string> {
  return Object.fromEntries(slotsOf(ports).map((slot) => [slot.variable, String(slot.get())]));
}

/** One free port, for a server on its own. */
export async function freePort(): Promise<number> {
  const held: Server[] = [];
  const port = await holdFreePort(held);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return port;
}

/** Refuses when any port is taken, with a line for each that names port, wanter and, where the system tells, holder. */
export async function requireFreePorts(ports: Ports): Promise<void> {
  const taken: { slot: Slot; pid: number | undefined }[] = [];
  for (const slot of slotsOf(ports)) {
    if (!(await isFree(slot.get()))) taken.push({ slot, pid: holderOf(slot.get()) });
  }
  if (taken.length === 0) return;
  const homes = new Set(taken.map(({ pid }) => pid && variableOf(pid, homeMarker)));
  const [home] = homes;
  if (home && homes.size === 1) {
    throw new Problem(
      `another Cabinet, in ${home}, holds ${taken.length} of the ports: stop it by npm run down there (with ` +
        `CABINET_HOME=${home}), or give this one other ports (dev/README.md).`,
    );
  }
  const lines = taken.map(({ slot, pid }) => {
    const holder = pid ? ` by ${commandName(pid)} (pid ${pid})` : '';
    const remedy = `stop that, or choose another by ${slot.variable}.`;
    return `port ${slot.get()}, wanted by ${slot.owner}, is taken${holder}: ${remedy}`;
  });
  throw new Problem(lines.join('\n'));
}

/** A port that an outgoing connection has for a moment counts as free once that has ended, within three seconds. */
async function isFree(port: number): Promise<boolean> {
  const attempt = async () => {
    const server = await listen(port);
    if (server) return new Promise<boolean>((resolve) => server.close(() => resolve(true)));
    if (listeningInodes(port).size > 0) return false;
    throw new Error('held by a connection');
  };
  return until(attempt, AbortSignal.timeout(3_000)).catch(() => false);
}

function defaultPorts(apps: App[], isObserved: boolean): Ports {
  return {
    servers: { ...defaultServerPorts },
    ...(isObserved && { observers: { ...defaultObserverPorts } }),
    apps: Object.fromEntries(apps.map((app) => [app.name, { ...app.ports }])),
  };
}

function slotsOf(ports: Ports): Slot[] {
  const slot = <T extends object>(holder: T, key: keyof T, variable: string, owner: string): Slot => ({
    variable,
    owner,
    get: () => holder[key] as number,
    set: (port) => {
      (holder[key] as number) = port;
    },
  });
  const servers = (Object.keys(ports.servers) as (keyof ServerPorts)[]).map((name) =>
    slot(ports.servers, name, portVariable(name), name),
  );
  const observers = ports.observers
    ? [slot(ports.observers, 'prometheus', portVariable('prometheus'), 'prometheus')]
    : [];
  const apps = Object.entries(ports.apps).flatMap(([name, each]) =>
    (Object.keys(each) as (keyof AppPorts)[]).map((key) =>
      slot(each, key, portVariable(name, suffixes[key]), key === 'app' ? name : `${name}'s sidecar`),
    ),
  );
  return [...servers, ...observers, ...apps];
}

/** A port below the range that outgoing connections use, so that none of them takes it before the server does. */
async function holdFreePort(held: Server[]): Promise<number> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = await listen(port);
    if (!server) continue;
    held.push(server);
    return port;
  }
  throw new Problem('no free port found between 20000 and 32000.');
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

/** The process that listens on the port, as far as /proc tells. */
export function holderOf(port: number): number | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode && inodes.has(inode)) return Number(pid);
      }
    } catch {
      // It ended meanwhile, or belongs to another user, whose sockets are not ours to read.
    }
  }
  return undefined;
}

function listeningInodes(port: number): Set<string> {
  const inodes = new Set<string>();
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let lines: string[];
    try {
      lines = readFileSync(table, 'utf8').split('\n').slice(1);
    } catch {
      continue;
    }
    for (const line of lines) {
      const fields = line.trim().split(/\s+/);
      const listening = fields[3] === '0A';
      if (listening && fields[1]?.endsWith(`:${hexPort}`) && fields[9]) inodes.add(fields[9]);
    }
  }
  return inodes;
}
