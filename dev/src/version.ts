import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../cache.mjs';

let read: string | undefined;

/** What stands in this work tree: the last tag and what came after it, as git says it; without git, what package.json says. */
export function versionHere(): string {
  read ??= readVersion();
  return read;
}

function readVersion(): string {
  try {
    const words = ['describe', '--tags', '--always', '--dirty'];
    return execFileSync('git', words, { cwd: workTree, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return JSON.parse(readFileSync(join(workTree, 'package.json'), 'utf8')).version;
  }
}
