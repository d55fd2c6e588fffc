import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home.ts';
import { describeExit, type Exit, ManagedProcess } from './managed-process.ts';
import type { Ports } from './ports.ts';
import { messageOf, Problem } from './problem.ts';
import { homeMarker, identify } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { Progress } from './progress.ts';
import { type PlatformState, type ProcessRecord, writeState } from './state.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** A process that stayed up so long starts anew with the short pause. */
const stableMs = 60_000;
const trimEveryMs = 60_000;

/** Starts, watches, restarts and stops the processes of one platform, and writes down how they are. */
export class Supervisor {
  readonly #home: Home;
  readonly #ports: Ports;
  readonly #progress: Progress;
  readonly #processes: Map<string, ManagedProcess>;
  #phase: PlatformState['phase'] = 'starting';
  #trimmer: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;
  readonly #startFailure = new AbortController();

  constructor(options: { home: Home; ports: Ports; specs: ProcessSpec[]; progress: Progress }) {
    this.#home = options.home;
    this.#ports = options.ports;
    this.#progress = options.progress;
    const marker = { [homeMarker]: options.home.folder };
    this.#processes = new Map(
      options.specs.map((spec) => [spec.name, new ManagedProcess(spec, options.home.log(spec.name), marker)]),
    );
  }

  get records(): ProcessRecord[] {
    return [...this.#processes.values()].map(({ spec, state, restarts, identity }) => {
      return { name: spec.name, kind: spec.kind, state, port: spec.port, restarts, identity };
    });
  }

  /** Starts everything, each process when those it needs are ready. When one fails, stops all again and says why. */
  async start(): Promise<void> {
    this.#write();
    this.#trimmer = setInterval(() => this.#trimLogs(), trimEveryMs).unref();
    const failure = this.#startFailure;
    const ready = new Map<string, Promise<void>>();
    const bringUp = async (process: ManagedProcess): Promise<void> => {
      await Promise.all(process.spec.after.map((name) => ready.get(name)));
      if (failure.signal.aborted || this.#phase !== 'starting') return;
      await this.#progress.step(process.spec.name, () => this.#launch(process));
    };
    // Servers come first in the list, so that whoever waits for one finds its promise.
    for (const process of this.#processes.values()) {
      const up = bringUp(process).catch((error) => {
        failure.abort(new Problem(`${process.spec.name} ${messageOf(error)}`));
        throw error;
      });
      up.catch(() => undefined);
      ready.set(process.spec.name, up);
    }
    const failed = new Promise<never>((_, reject) => {
      failure.signal.addEventListener('abort', () => reject(failure.signal.reason));
    });
    try {
      await Promise.race([Promise.all(ready.values()), failed]);
    } catch {
      await this.stop();
      throw failure.signal.reason;
    }
    if (this.#phase !== 'starting') throw new Problem('stopped while it was starting.');
    this.#phase = 'running';
    this.#write();
  }

  /** Stops everything, in the order in which nothing misses what it needs; a second call waits for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async stopProcess(name: string): Promise<void> {
    const process = this.#find(name);
    process.state = 'stopping';
    this.#write();
    await process.stop();
    process.state = 'stopped';
    this.#write();
  }

  /** Starts a stopped process, or does nothing for one that runs; resolves when it is ready. */
  async startProcess(name: string): Promise<void> {
    const process = this.#find(name);
    if (!process.isRunning) return this.#launch(process);
    await process.whenReady();
  }

  #find(name: string): ManagedProcess {
    const process = this.#processes.get(name);
    if (!process)
      throw new Problem(`there is no process "${name}": there are ${[...this.#processes.keys()].join(', ')}.`);
    return process;
  }

  async #launch(process: ManagedProcess): Promise<void> {
    process.state = 'starting';
    const began = performance.now();
    const exit = process.launch();
    this.#write();
    exit.then((how) => this.#onExit(process, how, performance.now() - began));
    await process.whenReady().catch((error) => {
      throw this.#phase === 'stopping' ? new Problem('was stopped before it was ready.') : error;
    });
    process.state = 'ready';
    this.#write();
  }

  #onExit(process: ManagedProcess, exit: Exit, livedMs: number): void {
    if (this.#phase === 'starting' && process.state === 'ready') {
      this.#startFailure.abort(new Problem(`${process.spec.name} ${describeExit(exit)} while the others started.`));
    }
    if (this.#phase !== 'running' || process.state === 'stopping') {
      this.#write();
      return;
    }
    if (livedMs > stableMs) process.restarts = 0;
    const pauseMs = Math.min(firstPauseMs * 2 ** process.restarts, longestPauseMs);
    process.restarts += 1;
    process.state = 'pausing';
    this.#write();
    const seconds = pauseMs / 1000;
    this.#progress.say(`${process.spec.name} ${describeExit(exit)}; starting it again in ${seconds} s`);
    void this.#restartAfter(process, pauseMs);
  }

  async #restartAfter(process: ManagedProcess, pauseMs: number): Promise<void> {
    await delay(pauseMs, undefined, { ref: false });
    if (this.#phase !== 'running' || process.state !== 'pausing') return;
    try {
      await this.#launch(process);
      this.#progress.say(`${process.spec.name} is back`);
    } catch (error) {
      // When it ended, its exit has already planned the next start.
      if (process.isRunning) this.#progress.say(`${process.spec.name} runs but is not ready: ${messageOf(error)}`);
    }
  }

  async #stopAll(): Promise<void> {
    this.#phase = 'stopping';
    clearInterval(this.#trimmer);
    this.#write();
    const all = [...this.#processes.values()];
    const isRegistry = (process: ManagedProcess) => process.spec.name === 'registry';
    // The registry outlives the services, which leave it as they stop.
    const groups: [string, ManagedProcess[]][] = [
      ['services', all.filter((process) => process.spec.kind === 'app' && !isRegistry(process))],
      ['registry', all.filter(isRegistry)],
      ['sidecars', all.filter((process) => process.spec.kind === 'sidecar')],
      ['servers', all.filter((process) => process.spec.kind === 'server')],
    ];
    for (const [title, group] of groups) {
      const running = group.filter((process) => process.isRunning);
      if (running.length === 0) continue;
      for (const process of running) process.state = 'stopping';
      await this.#progress.step(`stop ${title}`, async () => {
        await Promise.all(running.map((process) => process.stop()));
      });
      for (const process of group) process.state = 'stopped';
      this.#write();
    }
  }

  #trimLogs(): void {
    for (const process of this.#processes.values()) process.trimLog();
  }

  #write(): void {
    const supervisor = identify(process.pid);
    if (!supervisor) throw new Error('this process cannot identify itself');
    writeState(this.#home, { supervisor, phase: this.#phase, ports: this.#ports, processes: this.records });
  }
}
