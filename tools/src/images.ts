import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { workTree } from '../../dev/cache.mjs';
import { Problem } from '../../dev/src/problem.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { readRunFile, runFilePath } from '../../dev/src/run-file.ts';
import { versionHere } from '../../dev/src/version.ts';

type Note = (text: string) => void;

/** Builds the image of every process, or of those named: `cabinet/<process>`. What they share is compiled and stored once. */
export async function buildImages(progress: Progress, names: string[] = [], tag = 'latest'): Promise<void> {
  const { apps } = readRunFile(runFilePath);
  const unknown = names.filter((name) => !apps.some((app) => app.name === name));
  if (unknown.length > 0) throw new Problem(`there is no process ${unknown.join(', ')} to make an image of.`);
  const wanted = apps.filter(({ name }) => names.length === 0 || names.includes(name));

  await docker(['version'], () => undefined);
  for (const target of ['build', 'base']) {
    const version = ['--build-arg', `CABINET_VERSION=${versionHere()}`];
    const args = [
      ...(target === 'base' ? version : []),
      '--target',
      target,
      '-t',
      `cabinet/${target}`,
      '-f',
      'tools/images/Dockerfile',
      '.',
    ];
    // By the host's network, so that packages come from where this machine gets them.
    await progress.step(`image cabinet/${target}`, (note) => docker(['build', '--network', 'host', ...args], note));
  }
  for (const { name, folder } of wanted) {
    const image = `cabinet/${name}:${tag}`;
    // All that it copies comes from the other images, so there is no context to send.
    await progress.step(`image ${image}`, (note) =>
      docker(['build', '-t', image, '-'], note, join(folder, 'Dockerfile')),
    );
  }
}

/** Runs docker, with a file as its input; notes the step of the Dockerfile it is at. */
async function docker(args: string[], note: Note, input?: string): Promise<void> {
  const child = spawn('docker', args, { cwd: workTree, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  if (input) createReadStream(input).pipe(child.stdin);
  else child.stdin.end();
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      if (/^(?:Step |#\d+ \[)/.test(line)) note(line);
      tail.push(line);
      if (tail.length > 20) tail.shift();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new Problem('docker does not run: install a Docker engine, or start it.')));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Problem(`docker ${args.slice(0, 1)} failed:\n${tail.join('\n')}`);
}
