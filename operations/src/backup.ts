import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { writeWhole } from '../../dev/src/home.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { Problem } from '../../dev/src/problem.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { bytesOf, databasesOf, lockDatabases } from './databases.ts';
import { type Copy, hashOf, type Manifest, manifestFile } from './manifest.ts';
import { dumpMongodb } from './mongodb-copy.ts';
import { dumpPostgres } from './postgres-copy.ts';

/**
 * Copies the database of every declared service, whether it was started or not, into a new folder, which only its owner may
 * enter: it holds all that the practice knows. By default `.cabinet/backups/<time>`.
 * @returns the folder
 * @throws Problem, before anything is copied, when one of them cannot be reached
 */
export async function backUp(
  platform: Platform,
  progress: Progress,
  into?: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  using _ = lockDatabases(platform.home);
  const { postgresTools } = await bringArtifacts(progress, ['postgresTools']);
  const databases = databasesOf(platform);
  await bytesOf(databases);
  const madeAt = new Date().toISOString();
  const folder = resolve(into ?? join(platform.home.folder, 'backups', madeAt.replace(/[:.]/g, '-')));
  makeEmpty(folder);
  const copies: Copy[] = [];
  for (const { service, kind, url } of databases) {
    const file = kind === 'mongodb' ? `${service}.jsonl.gz` : `${service}.pgdump`;
    const path = join(folder, file);
    await progress.step(`copy ${service}`, async () => {
      if (kind === 'mongodb') await dumpMongodb(url, path, signal);
      else await dumpPostgres(postgresTools, url, path, signal);
      chmodSync(path, 0o600);
    });
    copies.push({ service, kind, file, bytes: statSync(path).size, sha256: await hashOf(path) });
  }
  const manifest: Manifest = { version: 1, madeAt, copies };
  writeWhole(manifestFile(folder), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
  return folder;
}

function makeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Problem(`${folder} is not empty.`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
}
