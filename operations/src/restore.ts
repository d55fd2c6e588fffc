import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import type { Home } from '../../dev/src/home.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { messageOf, Problem } from '../../dev/src/problem.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { dropBeside, makeBeside, putInPlace } from '../../dev/src/servers/postgres.ts';
import { type Database, databasesOf, lockDatabases } from './databases.ts';
import { type Copy, type Manifest, readManifest, requireWhole } from './manifest.ts';
import { dropBesideMongodb, loadMongodb, putInPlaceMongodb } from './mongodb-copy.ts';
import { loadPostgres } from './postgres-copy.ts';
import { rewind } from './rewind.ts';
import { whileStopped } from './while-stopped.ts';

/** A copy on its way into a database. */
interface Restoring {
  service: string;
  /** Beside what the database holds. */
  load(signal: AbortSignal): Promise<void>;
  putInPlace(): Promise<void>;
  /** Removes what was loaded and not put in its place. */
  clear(): Promise<void>;
}

/**
 * Puts the copies of a backup in the place of the databases of these services, or of all, whether they were started or not.
 * All are loaded beside what is there first, so until then nothing is touched. A service is away only while its own takes
 * its place; it brings an older schema up to date when it starts, and hears again what it was told since the backup.
 * @param signal gives up, as long as nothing is in its place
 * @throws Problem, with everything as it was, when a copy is missing, damaged, of no service that there is, or cannot be loaded
 */
export async function restore(
  platform: Platform,
  progress: Progress,
  folder: string,
  services: string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  using _ = lockDatabases(platform.home);
  const manifest = readManifest(folder);
  const copies = chosen(manifest, services).map((copy) => ({ copy, database: databaseOf(copy, platform) }));
  for (const { copy } of copies) await requireWhole(folder, copy);
  const { postgresTools } = await bringArtifacts(progress, ['postgresTools']);
  const all = copies.map(({ copy, database }) =>
    database.kind === 'mongodb'
      ? ofMongodb(database, join(folder, copy.file))
      : ofPostgres(platform.home, postgresTools, database, join(folder, copy.file)),
  );
  try {
    await loadAll(all, progress, signal);
    await putAllInPlace(platform, all, progress, new Date(manifest.madeAt));
  } finally {
    // A server that went away keeps what was loaded until the next restore.
    await Promise.allSettled(all.map((each) => each.clear()));
  }
}

function chosen({ copies }: Manifest, services: string[]): Copy[] {
  const unknown = services.filter((name) => !copies.some(({ service }) => service === name));
  if (unknown.length > 0) throw new Problem(`the backup holds nothing of ${unknown.join(', ')}.`);
  return services.length > 0 ? copies.filter(({ service }) => services.includes(service)) : copies;
}

function databaseOf({ service, kind }: Copy, platform: Platform): Database {
  const found = databasesOf(platform).find((each) => each.service === service && each.kind === kind);
  if (found) return found;
  throw new Problem(
    `the backup has a ${kind} database of ${service}, and there is no such service: name those to restore.`,
  );
}

async function loadAll(all: Restoring[], progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    for (const { service, load } of all) {
      signal.throwIfAborted();
      await progress.step(`load ${service}`, () => load(signal));
    }
    signal.throwIfAborted();
  } catch (error) {
    throw new Problem(`${signal.aborted ? 'stopped.' : messageOf(error)}\nNothing was restored; all is as it was.`);
  }
}

async function putAllInPlace(platform: Platform, all: Restoring[], progress: Progress, madeAt: Date): Promise<void> {
  for (const [nth, { service, putInPlace }] of all.entries()) {
    try {
      await progress.step(`restore ${service}`, () =>
        whileStopped(platform, service, async () => {
          // First, since hearing twice does no harm, and never would.
          await rewind(platform.kafka, service, topicsHeardBy(service), madeAt);
          await putInPlace();
        }),
      );
    } catch (error) {
      const names = (some: Restoring[]) => some.map((each) => each.service).join(', ') || 'none';
      const others = `Restored before it: ${names(all.slice(0, nth))}. As they were: ${names(all.slice(nth + 1))}.`;
      throw new Problem(`${messageOf(error)}\n${others}`);
    }
  }
}

const topicsHeardBy = (service: string): string[] =>
  Object.keys(readProcesses().find(({ name }) => name === service)?.hears ?? {});

function ofPostgres(home: Home, tools: string, { service, url }: Database, file: string): Restoring {
  const port = Number(new URL(url).port);
  return {
    service,
    load: async (signal) => loadPostgres(tools, await makeBeside(home, port, service), file, signal),
    putInPlace: () => putInPlace(home, port, service),
    clear: () => dropBeside(home, port, service),
  };
}

const ofMongodb = ({ service, url }: Database, file: string): Restoring => ({
  service,
  load: (signal) => loadMongodb(url, file, signal),
  putInPlace: () => putInPlaceMongodb(url),
  clear: () => dropBesideMongodb(url),
});
