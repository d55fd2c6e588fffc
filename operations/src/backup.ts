import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bringArtifacts, requireSpace } from '../../dev/src/artifacts.ts';
import { type Home, writeWhole } from '../../dev/src/home.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { Problem } from '../../dev/src/problem.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { dropBeside } from '../../dev/src/servers/postgres.ts';
import { bytesOf, type Database, databasesOf, lockDatabases } from './databases.ts';
import { type Copy, hashOf, type Manifest, manifestFile } from './manifest.ts';
import { dumpMongodb } from './mongodb-copy.ts';
import { dumpPostgres } from './postgres-copy.ts';

/** What a backup leaves to the servers, on whose disk it may be. */
const leftBytes = 512 * 1024 ** 2;

/**
 * Copies the database of every declared service, whether it was started or not, into a new folder, which only its owner may
 * enter: it holds all that the practice knows. By default `.cabinet/backups/<time>`.
 * @param signal gives up; then, and when it fails, nothing is left of it
 * @returns the folder
 * @throws Problem, before anything is copied, when one of them cannot be reached, or the disk has no room for all
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
  const bytes = await bytesOf(databases);
  await removeLeft(platform.home, databases);
  const madeAt = new Date().toISOString();
  const folder = resolve(into ?? join(backupsOf(platform.home), madeAt.replace(/[:.]/g, '-')));
  const isNew = makeEmpty(folder);
  try {
    requireSpace(folder, bytes + leftBytes);
    const copies = await copyAll(databases, folder, postgresTools, progress, signal);
    const manifest: Manifest = { version: 1, madeAt, copies };
    writeWhole(manifestFile(folder), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
  } catch (error) {
    // What it had begun holds patients' data, and room that the databases may need.
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    if (isNew) rmdirSync(folder);
    throw signal.aborted ? new Problem('stopped; there is no backup of this time.') : error;
  }
  return folder;
}

const backupsOf = (home: Home): string => join(home.folder, 'backups');
const nameOfTime = /^\d{4}-\d\d-\d\dT[\d-]+Z$/;

/** What backups and restores that were killed have left holds patients' data, also of those who were erased since. */
async function removeLeft(home: Home, databases: Database[]): Promise<void> {
  const backups = backupsOf(home);
  const begun = existsSync(backups) ? readdirSync(backups).filter((name) => nameOfTime.test(name)) : [];
  for (const folder of begun.map((name) => join(backups, name)))
    if (!existsSync(manifestFile(folder))) rmSync(folder, { recursive: true });
  for (const { service, kind, url } of databases)
    if (kind === 'postgres') await dropBeside(home, Number(new URL(url).port), service);
}

async function copyAll(
  databases: Database[],
  folder: string,
  tools: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Copy[]> {
  const copies: Copy[] = [];
  for (const { service, kind, url } of databases) {
    signal.throwIfAborted();
    const file = kind === 'mongodb' ? `${service}.jsonl.gz` : `${service}.pgdump`;
    const path = join(folder, file);
    await progress.step(`copy ${service}`, async () => {
      if (kind === 'mongodb') await dumpMongodb(url, path, signal);
      else await dumpPostgres(tools, url, path, signal);
      chmodSync(path, 0o600);
    });
    copies.push({ service, kind, file, bytes: statSync(path).size, sha256: await hashOf(path) });
  }
  signal.throwIfAborted();
  return copies;
}

/** @returns whether it made the folder */
function makeEmpty(folder: string): boolean {
  const isThere = existsSync(folder);
  if (isThere && readdirSync(folder).length > 0) throw new Problem(`${folder} is not empty.`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  return !isThere;
}
