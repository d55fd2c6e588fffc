import { buildAll } from '../../tools/src/build.ts';
import { bringArtifacts, platformArtifacts, requireSpace } from './artifacts.ts';
import { listenForCommands } from './control.ts';
import type { Home } from './home.ts';
import { type Lock, tryLock } from './lock.ts';
import { planPlatform, sendsMail } from './plan.ts';
import { Platform } from './platform.ts';
import { freePorts, requireFreePorts, resolvePorts } from './ports.ts';
import { Problem } from './problem.ts';
import { withNeeded } from './processes.ts';
import type { Progress } from './progress.ts';
import { registeredInstances } from './registered.ts';
import { type RunFile, readRunFile, runFilePath } from './run-file.ts';
import { seedOnce } from './seed/once.ts';
import { endLeftovers, forgetState } from './state.ts';
import { Supervisor } from './supervisor.ts';
import { until } from './wait.ts';

export interface RunOptions {
  /** Another run file than the repository's. */
  runFile?: string;
  /** 'free' takes any free ports, for a platform beside another one. */
  ports: 'configured' | 'free';
  /** Only PostgreSQL, Kafka and the MongoDB-compatible server. */
  serversOnly: boolean;
  /** These processes and what they need; by default all. */
  only?: string[];
  /** With Prometheus beside it. */
  observability: boolean;
  build: boolean;
  /** false: never, in this home. */
  seed: boolean;
}

export const defaultRunOptions: RunOptions = {
  ports: 'configured',
  serversOnly: false,
  observability: false,
  build: true,
  seed: true,
};

export interface RunningPlatform {
  platform: Platform;
  stop(): Promise<void>;
}

const observers = ['prometheus'] as const;
const mailServers = ['mailpit'] as const;

const freeDiskBytes = 512 * 1024 ** 2;

/**
 * Brings up the platform of this home inside this process, which has to live as long as the platform. Resolves when
 * every process is ready and known to the registry; rejects, with nothing left running, when that cannot be had or when
 * `signal` aborts.
 */
export async function runPlatform(
  home: Home,
  options: RunOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunningPlatform> {
  home.create();
  const lock = takeLock(home);
  try {
    const left = await endLeftovers(home);
    if (left.length > 0) progress.say(`An earlier run was killed; ended what it left: ${left.join(', ')}`);
    requireSpace(home.folder, freeDiskBytes);
    const runFile = chosenOf(readRunFile(options.runFile ?? runFilePath), options.only);
    const { observability } = options;
    const ports =
      options.ports === 'free'
        ? await freePorts(runFile.apps, observability)
        : resolvePorts(runFile.apps, process.env, observability);
    await requireFreePorts(options.serversOnly ? { ...ports, apps: {} } : ports);
    const artifacts = await bringArtifacts(progress, [
      ...platformArtifacts,
      ...(!options.serversOnly && sendsMail(runFile) ? mailServers : []),
      ...(observability ? observers : []),
    ]);
    if (options.build && !options.serversOnly) await buildAll(progress);
    signal.throwIfAborted();
    const { serversOnly } = options;
    const specs = await planPlatform({ home, runFile, ports, artifacts, serversOnly });
    const supervisor = new Supervisor({ home, ports, specs, progress });
    return await bringUp(home, options, supervisor, progress, signal, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function bringUp(
  home: Home,
  options: RunOptions,
  supervisor: Supervisor,
  progress: Progress,
  signal: AbortSignal,
  lock: Lock,
): Promise<RunningPlatform> {
  const commands = await listenForCommands(home, (command, name) =>
    command === 'stop' ? supervisor.stopProcess(name) : supervisor.startProcess(name),
  );
  const stop = async () => {
    commands.close();
    await supervisor.stop();
    forgetState(home);
    lock.release();
  };
  const stopEarly = () => void supervisor.stop();
  signal.addEventListener('abort', stopEarly);
  try {
    signal.throwIfAborted();
    await supervisor.start();
    const platform = Platform.running(home);
    if (!platform) throw new Error('the platform runs, but left no state to read');
    if (!options.serversOnly) {
      await progress.step('registration', (note) => allRegistered(platform, note));
      await seedOnce(platform, options.seed, progress);
    }
    signal.throwIfAborted();
    return { platform, stop };
  } catch (error) {
    await stop();
    throw signal.aborted ? new Problem('stopped before everything was ready.') : error;
  } finally {
    signal.removeEventListener('abort', stopEarly);
  }
}

function chosenOf(runFile: RunFile, only?: string[]): RunFile {
  if (!only) return runFile;
  const needed = withNeeded(only);
  return { ...runFile, apps: runFile.apps.filter(({ name }) => needed.includes(name)) };
}

function takeLock(home: Home): Lock {
  const lock = tryLock(home.lock);
  if ('release' in lock) return lock;
  throw new Problem(
    `Cabinet is already running in ${home.folder} (process ${lock.pid}): npm run status shows it, npm run down stops it.`,
  );
}

/** Waits until the registry lists an instance of every service as UP. */
async function allRegistered(platform: Platform, note: (text: string) => void): Promise<string> {
  const wanted = platform.services;
  await until(async () => {
    const instances = await registeredInstances(platform.url('registry'));
    const absent = wanted.filter((name) => instances.get(name) !== 'UP');
    if (absent.length > 0) {
      note(`waiting for ${absent.join(', ')}`);
      throw new Error(`the registry does not list ${absent.join(', ')} as UP`);
    }
  }, AbortSignal.timeout(60_000));
  return `${wanted.length} services are UP`;
}
