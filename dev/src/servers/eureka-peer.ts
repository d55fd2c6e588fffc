import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { javaCommand } from '../../prerequisites.mjs';

const mainClasses = {
  server: 'cabinet.EurekaServer',
  client: 'cabinet.HelloService',
  gateway: 'cabinet.SpringGateway',
};

export interface EurekaPeerOptions {
  /** The folder that holds the programs. */
  installation: string;
  program: keyof typeof mainClasses;
  port: number;
  /** Spring's settings, such as `eureka.client.service-url.defaultZone`. */
  settings: Record<string, string | number | boolean>;
  javaOptions?: string[];
  logFile: string;
}

export interface EurekaPeer {
  url: string;
  pid: number;
  /** Ends when the program does. */
  ended: Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a Java program of `dev/servers/eureka-peers` on loopback; it ends with this process at the latest. */
export function startEurekaPeer(options: EurekaPeerOptions): EurekaPeer {
  const { installation, program, port, settings, javaOptions = quickStart, logFile } = options;
  const all = { 'server.port': port, 'server.address': '127.0.0.1', 'spring.jmx.enabled': false, ...settings };
  const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(
    javaCommand,
    [...javaOptions, '-cp', join(installation, program, '*'), mainClasses[program], ...args],
    // Its standard input is its lifeline.
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ended,
    stop: (signal) => stop(child, ended, signal),
  };
}

// Small, and as fast as a short life allows.
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', '-Xshare:auto'];

async function stop(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.kill(signal);
  const cut = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(cut);
}
