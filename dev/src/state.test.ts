import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { homeMarker, identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { endLeftovers, type PlatformState, readState, runningState, writeState } from './state.ts';
import { temporaryHome } from './testing.ts';

const noPorts = {
  servers: {
    postgres: 1,
    kafka: 2,
    kafkaController: 3,
    mongodb: 4,
    sentry: 5,
    mailpit: 6,
    mailpitPage: 7,
    mosquitto: 8,
  },
  apps: {},
};

function stateOf(supervisor: ProcessIdentity, left: ProcessIdentity[]): PlatformState {
  const processes = left.map((identity) => {
    return {
      name: `process-${identity.pid}`,
      kind: 'app' as const,
      state: 'ready' as const,
      port: 1,
      restarts: 0,
      identity,
    };
  });
  return { supervisor, phase: 'running', ports: noPorts, processes };
}

function dead(): ProcessIdentity {
  return { pid: spawnSync(process.execPath, ['--eval', '']).pid, startedAt: '1' };
}

function sleeper(env: Record<string, string>): { child: ChildProcess; identity: ProcessIdentity } {
  const child = spawn('sleep', ['60'], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, identity: identify(child.pid as number) as ProcessIdentity };
}

/** A spawned process shows its environment only once it has become the other program. */
async function whenItSleeps({ identity }: { identity: ProcessIdentity }): Promise<void> {
  await expect
    .poll(() => spawnSync('ps', ['-o', 'args=', '-p', `${identity.pid}`]).stdout.toString())
    .toBe('sleep 60\n');
}

it('counts as running only while its supervisor lives', () => {
  const home = temporaryHome();
  expect(runningState(home)).toBeUndefined();
  writeState(home, stateOf(identify(process.pid) as ProcessIdentity, []));
  expect(runningState(home)).toBeDefined();
  writeState(home, stateOf(dead(), []));
  expect(runningState(home)).toBeUndefined();
});

it('ends what a killed supervisor left behind, and forgets it', async () => {
  const home = temporaryHome();
  const left = sleeper({ [homeMarker]: home.folder });
  await whenItSleeps(left);
  writeState(home, stateOf(dead(), [left.identity]));
  expect(await endLeftovers(home)).toEqual([`process-${left.identity.pid}`]);
  expect(isAlive(left.identity)).toBe(false);
  expect(readState(home)).toBeUndefined();
});

it('never ends a process that only has the pid of one it left', async () => {
  const home = temporaryHome();
  const stranger = sleeper({});
  await whenItSleeps(stranger);
  const reused = { pid: stranger.identity.pid, startedAt: '1' };
  writeState(home, stateOf(dead(), [stranger.identity, reused]));
  expect(await endLeftovers(home)).toEqual([]);
  expect(isAlive(stranger.identity)).toBe(true);
});

it('leaves a platform alone whose supervisor lives', async () => {
  const home = temporaryHome();
  const running = sleeper({ [homeMarker]: home.folder });
  await whenItSleeps(running);
  writeState(home, stateOf(identify(process.pid) as ProcessIdentity, [running.identity]));
  expect(await endLeftovers(home)).toEqual([]);
  expect(isAlive(running.identity)).toBe(true);
});
