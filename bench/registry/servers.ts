import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workTree } from '../../dev/cache.mjs';
import { freePort } from '../../dev/src/ports.ts';
import { residentBytes } from '../../dev/src/process-identity.ts';
import { startEurekaPeer } from '../../dev/src/servers/eureka-peer.ts';
import { platformFlags } from '../platform-flags.ts';

/** A registry that runs, ours or Netflix's. */
export interface Server {
  name: string;
  port: number;
  /** From the start of the process to its first answer. */
  readySeconds: number;
  residentMebibytes(): number;
  /** Processor time used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** As the platform runs it, but without limits for the one address that all load comes from; Netflix's has none either. */
export async function startOurs(): Promise<Server> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [...platformFlags('registry'), join(workTree, 'registry/dist/main.js')], {
    env: { APP_PORT: String(port), CABINET_MODE: 'demonstration', LOG_LEVEL: 'warn', RATE_LIMITS: 'false' },
    stdio: 'inherit',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const readySeconds = await untilReady(port, began);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { name: 'registry', port, readySeconds, ...observed(child.pid ?? 0), stop };
}

/** With a heap that is enough for it, so that its memory is not what Java would take if it may. */
export async function startNetflix(installation: string, logFile: string): Promise<Server> {
  const port = await freePort();
  const began = performance.now();
  const peer = startEurekaPeer({
    installation,
    program: 'server',
    port,
    settings: {
      'eureka.client.register-with-eureka': false,
      'eureka.client.fetch-registry': false,
      // Connections are kept as long as ours are.
      'server.tomcat.max-keep-alive-requests': -1,
      'logging.level.root': 'warn',
    },
    javaOptions: ['-Xmx512m'],
    logFile,
  });
  const readySeconds = await untilReady(port, began);
  return { name: 'Netflix', port, readySeconds, ...observed(peer.pid), stop: () => peer.stop() };
}

async function untilReady(port: number, began: number): Promise<number> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/eureka/apps`).catch(() => undefined);
    if (answer?.ok) return (performance.now() - began) / 1000;
    if (performance.now() - began > 180_000) throw new Error('a registry did not get ready');
    await delay(10);
  }
}

const observed = (pid: number) => ({
  residentMebibytes: () => residentBytes(pid) / 1024 ** 2,
  cpuSeconds: () => cpuSeconds(pid),
});

// User and system time in hundredths of a second, behind the name in brackets.
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
