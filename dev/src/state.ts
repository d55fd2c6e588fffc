import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Home, readJson, writeWhole } from './home.ts';
import { holderOf } from './lock.ts';
import type { ProcessState } from './managed-process.ts';
import type { Ports } from './ports.ts';
import { homeMarker, isAlive, type ProcessIdentity, signal, variableOf } from './process-identity.ts';
import type { ProcessKind } from './process-spec.ts';
import type { Progress } from './progress.ts';

/** What a running platform writes down about itself, for the verbs, tests and a later start to read. */
export interface PlatformState {
  supervisor: ProcessIdentity;
  phase: 'starting' | 'running' | 'stopping';
  ports: Ports;
  processes: ProcessRecord[];
}

export interface ProcessRecord {
  name: string;
  kind: ProcessKind;
  state: ProcessState;
  port: number;
  restarts: number;
  identity?: ProcessIdentity;
}

export function writeState(home: Home, state: PlatformState): void {
  writeWhole(home.run('state.json'), JSON.stringify(state, null, 2), 0o600);
}

export function readState(home: Home): PlatformState | undefined {
  return readJson<PlatformState>(home.run('state.json'));
}

export function forgetState(home: Home): void {
  rmSync(home.run('state.json'), { force: true });
}

/** The state of the platform that runs now in this folder, or undefined. */
export function runningState(home: Home): PlatformState | undefined {
  const state = readState(home);
  return state && isAlive(state.supervisor) ? state : undefined;
}

/** What an earlier run left behind when it was killed: only processes that are provably the recorded ones. */
export function leftovers(home: Home): ProcessRecord[] {
  const state = readState(home);
  if (!state || isAlive(state.supervisor)) return [];
  return state.processes.filter(({ identity }) => identity && isAlive(identity) && bearsMarker(identity.pid, home));
}

/** Ends what an earlier run left behind. Returns its names. */
export async function endLeftovers(home: Home): Promise<string[]> {
  if (runningState(home)) return [];
  const left = leftovers(home);
  const alive = () => left.filter(({ identity }) => identity && isAlive(identity));
  for (const { identity, kind } of left) {
    // PostgreSQL takes SIGTERM for "when all clients have left"; SIGINT ends it now, and in good order.
    if (identity) signal(identity, kind === 'server' ? 'SIGINT' : 'SIGTERM');
  }
  for (let waitedMs = 0; alive().length > 0 && waitedMs < 15_000; waitedMs += 100) await delay(100);
  for (const { identity } of alive()) if (identity) signal(identity, 'SIGKILL');
  while (alive().length > 0) await delay(50);
  forgetState(home);
  return left.map(({ name }) => name);
}

/** Who is starting a platform in this home, which has written down nothing of itself yet. */
export function starter(home: Home): ProcessIdentity | undefined {
  return runningState(home) ? undefined : holderOf(home.lock);
}

/** Ends a start before anything runs, as soon as what it builds is built. Returns false when there is none. */
export async function stopStart(home: Home, progress: Progress): Promise<boolean> {
  const starting = starter(home);
  if (!starting) return false;
  signal(starting, 'SIGTERM');
  await progress.step('stop what is being started', async (note) => {
    note('it ends when what it fetches or builds is there');
    while (isAlive(starting)) await delay(50);
  });
  return true;
}

function bearsMarker(pid: number, home: Home): boolean {
  return process.platform !== 'linux' || variableOf(pid, homeMarker) === home.folder;
}
