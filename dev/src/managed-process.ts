import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logExcerpt } from './logs.ts';
import { Problem } from './problem.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';

export type ProcessState = 'waiting' | 'starting' | 'ready' | 'pausing' | 'stopping' | 'stopped';

const readyTimeoutMs = 120_000;
const logBytesMax = 32 * 1024 * 1024;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One process as it is started, watched and stopped, again and again; its output goes to its log file. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  state: ProcessState = 'waiting';
  identity: ProcessIdentity | undefined;
  restarts = 0;

  readonly #log: string;
  readonly #marker: Record<string, string>;
  #child: ChildProcess | undefined;
  #exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null });

  constructor(spec: ProcessSpec, log: string, marker: Record<string, string>) {
    this.spec = spec;
    this.#log = log;
    this.#marker = marker;
    keepPreviousLog(log);
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it; returns its exit, which is to be awaited elsewhere. It is in a group of its own: Ctrl-C is ours to handle. */
  launch(): Promise<Exit> {
    const { command, args, cwd, env, owner } = this.spec;
    const log = openLog(this.#log);
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...this.#marker },
      detached: true,
      stdio: ['ignore', log, log],
      ...owner,
    });
    closeSync(log);
    this.#child = child;
    this.identity = child.pid === undefined ? undefined : identify(child.pid);
    this.#exited = new Promise((resolve) => {
      const end = (exit: Exit) => {
        this.#child = undefined;
        this.identity = undefined;
        resolve(exit);
      };
      child.once('error', () => end({ code: 127, signal: null }));
      child.once('exit', (code, signal) => end({ code, signal }));
    });
    return this.#exited;
  }

  /** Resolves when it serves; rejects with the end of its log when it ends before that, or takes too long. */
  async whenReady(): Promise<void> {
    const given = new AbortController();
    const timeout = AbortSignal.timeout(readyTimeoutMs);
    let exit: Exit | undefined;
    const exited = this.#exited.then((how) => {
      exit = how;
      given.abort();
    });
    const ready = this.spec.ready(AbortSignal.any([given.signal, timeout]));
    try {
      await Promise.race([ready, exited.then(() => ready)]);
    } catch (error) {
      if (exit) throw new Problem(`${describeExit(exit)} before it was ready; its log ends:\n${logExcerpt(this.#log)}`);
      if (timeout.aborted) throw new Problem(`${(error as Error).message}; its log ends:\n${logExcerpt(this.#log)}`);
      throw error;
    }
  }

  /** Asks it to end, and kills it when it does not in its time. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.kill(this.spec.stopSignal);
    const ended = await Promise.race([
      this.#exited.then(() => true),
      delay(this.spec.stopTimeoutMs, false, { ref: false }),
    ]);
    if (!ended) child.kill('SIGKILL');
    await this.#exited;
  }

  kill(name: NodeJS.Signals): boolean {
    return this.#child?.kill(name) ?? false;
  }

  /** A log that has grown large makes room: what it held moves to `.1`. */
  trimLog(): void {
    if (!existsSync(this.#log) || statSync(this.#log).size < logBytesMax) return;
    copyFileSync(this.#log, `${this.#log}.1`);
    truncateSync(this.#log);
  }
}

export function describeExit({ code, signal }: Exit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

/** Opens a log, which only its owner reads, to write at its end. */
export function openLog(log: string): number {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  return openSync(log, 'a', 0o600);
}

function keepPreviousLog(log: string): void {
  if (existsSync(log)) renameSync(log, `${log}.1`);
}
