import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, workTree } from '../cache.mjs';
import { makeOnce } from './make-once.ts';
import { Problem } from './problem.ts';

const run = promisify(execFile);

const version = '5.8.1';
const binary = join(cacheFolder, 'bin', `kustomize-${version}`);

/** What `kustomize build <folder>` prints. The program is built once, in a minute or two. */
export async function kustomize(folder: string): Promise<string> {
  await makeOnce(binary, () => undefined, buildKustomize);
  const { stdout } = await run(binary, ['build', folder], { cwd: workTree, maxBuffer: 16 * 1024 ** 2 });
  return stdout;
}

async function buildKustomize(part: string): Promise<void> {
  const folder = `${part}-bin`;
  mkdirSync(folder, { recursive: true });
  try {
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
    await run('go', ['install', '-trimpath', `sigs.k8s.io/kustomize/kustomize/v5@v${version}`], { env });
    renameSync(join(folder, 'kustomize'), part);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Problem('Go is needed to build kustomize once: install it from https://go.dev/dl.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
