import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { holderOf } from './lock.ts';
import { homeMarker, identify, type ProcessIdentity } from './process-identity.ts';
import { Progress } from './progress.ts';
import { stopStart, writeState } from './state.ts';
import { temporaryHome } from './testing.ts';

it('is not ended in the middle by who stops the platform, and is waited for', async () => {
  const home = temporaryHome();
  mkdirSync(join(home.folder, 'data/postgres'), { recursive: true });
  // What an earlier run left takes its time to end, so the reset takes its own.
  const left = spawn('sh', ['-c', 'trap "" TERM; exec sleep 60'], {
    env: { PATH: process.env.PATH ?? '', [homeMarker]: home.folder },
    stdio: 'ignore',
  });
  onTestFinished(() => void left.kill('SIGKILL'));
  await expect.poll(() => spawnSync('ps', ['-o', 'args=', '-p', `${left.pid}`]).stdout.toString()).toBe('sleep 60\n');
  writeState(home, {
    supervisor: { pid: spawnSync(process.execPath, ['--eval', '']).pid, startedAt: '1' },
    phase: 'running',
    ports: {
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
    },
    processes: [
      {
        name: 'left',
        kind: 'app',
        state: 'ready',
        port: 1,
        restarts: 0,
        identity: identify(left.pid as number) as ProcessIdentity,
      },
    ],
  });
  const from = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const script = `
    import { Home } from ${from('./home.ts')};
    import { reset } from ${from('./reset.ts')};
    process.exitCode = await reset(new Home(process.argv[1]), true);
  `;
  const args = ['--input-type=module', '--eval', script, home.folder];
  const resetting = spawn(process.execPath, args, { stdio: 'ignore' });
  onTestFinished(() => void resetting.kill('SIGKILL'));
  const ended = once(resetting, 'exit');
  await expect.poll(() => holderOf(home.lock)?.pid).toBe(resetting.pid);
  const stopped = stopStart(home, new Progress(() => undefined));
  left.kill('SIGKILL');
  expect([await ended, await stopped]).toEqual([[0, null], true]);
  expect(existsSync(join(home.folder, 'data'))).toBe(false);
});
