import { fork } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { Home } from './home.ts';
import { openLog } from './managed-process.ts';
import { Platform } from './platform.ts';
import { messageOf, Problem } from './problem.ts';
import { type Listener, outcome, Progress, type ProgressEvent } from './progress.ts';
import { defaultRunOptions, type RunOptions, runPlatform } from './run-platform.ts';
import { stopSignals } from './stop-signals.ts';

/** The supervisor's own log has the name of no process. */
export const supervisorLog = 'platform';

type Message = { progress: ProgressEvent } | { ready: true } | { failed: string };

/**
 * Brings up a platform in the background and returns it when all is ready; rejects with the reason when it cannot be,
 * with nothing left running. `signal` gives up.
 */
export async function startPlatform(
  given: Partial<RunOptions> & { home?: string; env?: Record<string, string> } = {},
  listener: Listener = () => undefined,
  signal?: AbortSignal,
): Promise<Platform> {
  const { home: folder, env, ...options } = given;
  const home = new Home(folder);
  const log = home.log(supervisorLog);
  const out = openLog(log);
  const supervisor = fork(join(import.meta.dirname, 'main.ts'), ['supervise', JSON.stringify(options)], {
    detached: true,
    execArgv: process.execArgv.filter((flag) => flag.startsWith('--disable-warning')),
    env: { ...process.env, ...env, CABINET_HOME: home.folder },
    stdio: ['ignore', out, out, 'ipc'],
  });
  closeSync(out);
  const giveUp = () => void supervisor.kill('SIGTERM');
  signal?.addEventListener('abort', giveUp);
  try {
    await new Promise<void>((resolve, reject) => {
      supervisor.on('message', (message: Message) => {
        if ('progress' in message) listener(message.progress);
        else if ('ready' in message) resolve();
        else reject(new Problem(message.failed));
      });
      supervisor.once('error', reject);
      supervisor.once('exit', (code) => reject(new Problem(`the supervisor ended (${code}); see ${log}`)));
    });
  } finally {
    signal?.removeEventListener('abort', giveUp);
    supervisor.removeAllListeners('exit');
    if (supervisor.connected) supervisor.disconnect();
    supervisor.unref();
  }
  const platform = Platform.running(home);
  if (!platform) throw new Error(`the platform ended as soon as it was ready; see ${log}`);
  return platform;
}

/** The other end: what the background process does. */
export async function supervise(options: Partial<RunOptions>): Promise<void> {
  const send = (message: Message) => {
    // Whoever listened may have gone away meanwhile; that is not our trouble.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  };
  const progress = new Progress((event) => {
    send({ progress: event });
    const line = event.type === 'say' ? event.text : 'ms' in event ? outcome(event) : undefined;
    if (line) console.log(`${new Date().toISOString()} ${line}`);
  });
  const stopped = stopSignals();
  // Whoever asked for the platform went away before it was ready: a half-started one is of no use to anybody.
  process.once('disconnect', () => starting && stopped.abort());
  let starting = true;
  try {
    const running = await runPlatform(new Home(), { ...defaultRunOptions, ...options }, progress, stopped.signal);
    starting = false;
    send({ ready: true });
    await stopped.whenAborted;
    await running.stop();
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    send({ failed: messageOf(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}
