import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readJson } from '../../dev/src/home.ts';
import { Problem } from '../../dev/src/problem.ts';

/** What a backup holds; it stands in its folder as manifest.json, written last, so a backup without one is none. */
export interface Manifest {
  version: 1;
  /** When the first database began to be copied: what happened later may be missing. */
  madeAt: string;
  copies: Copy[];
}

export interface Copy {
  service: string;
  kind: 'postgres' | 'mongodb';
  file: string;
  bytes: number;
  sha256: string;
}

export const manifestFile = (folder: string): string => join(folder, 'manifest.json');

export function readManifest(folder: string): Manifest {
  const manifest = readJson<Manifest>(manifestFile(folder));
  if (!manifest) throw new Problem(`${folder} holds no backup that was finished: there is no manifest.json in it.`);
  if (manifest.version !== 1) throw new Problem(`${folder} was made by a newer Cabinet: restore it with that one.`);
  return manifest;
}

/** @throws Problem when the copy is not what was written */
export async function requireWhole(folder: string, { file, sha256 }: Copy): Promise<void> {
  const found = await hashOf(join(folder, file)).catch(() => undefined);
  if (found !== sha256) throw new Problem(`${join(folder, file)} is missing or damaged; nothing was restored.`);
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
