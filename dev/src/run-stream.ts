import { parseArgs } from 'node:util';
import { bringArtifacts } from './artifacts.ts';
import type { Platform } from './platform.ts';
import { Problem } from './problem.ts';
import { eventKeys } from './process-secrets.ts';
import { readJobs, readProcesses } from './processes.ts';
import { Progress, ProgressDisplay } from './progress.ts';
import { secret } from './secrets.ts';
import { startStream } from './stream.ts';

/** Runs the rules on Spark beside a running platform, until it has read all there is or `stopped`. @returns the exit code */
export async function runStream(platform: Platform, args: string[], stopped: AbortSignal): Promise<number> {
  const options = { 'to-the-end': { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args, options });
  const job = readJobs().find(({ name }) => name === 'stream');
  if (!job) throw new Problem('analytics/stream/job.json is missing.');
  await bringArtifacts(new Progress(new ProgressDisplay().show), ['spark']);
  const { home, kafka: login } = platform;
  const keys = eventKeys(job, readProcesses(), (name) => secret(home, name)).EVENT_KEYS ?? '';
  const checkpoint = home.data('stream');
  const child = startStream({
    login,
    eventKeys: keys,
    checkpoint,
    args: values['to-the-end'] ? ['--to-the-end'] : [],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 0));
  });
  stopped.addEventListener('abort', () => child.pid && process.kill(-child.pid, 'SIGTERM'));
  const code = await ended;
  return stopped.aborted ? 0 : code;
}
