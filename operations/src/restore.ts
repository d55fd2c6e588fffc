import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { Problem } from '../../dev/src/problem.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { emptyPostgres } from '../../dev/src/servers/postgres.ts';
import { type Copy, type Manifest, readManifest, requireWhole } from './manifest.ts';
import { loadMongodb } from './mongodb-copy.ts';
import { loadPostgres } from './postgres-copy.ts';
import { rewind } from './rewind.ts';

/**
 * Puts the copies of a backup in the place of the databases of these services, or of all. Each service is away meanwhile,
 * brings an older schema up to date when it starts, and hears again what it was told since the backup.
 * @throws Problem, before anything is touched, when a copy is missing or damaged
 */
export async function restore(
  platform: Platform,
  progress: Progress,
  folder: string,
  services: string[],
): Promise<void> {
  const manifest = readManifest(folder);
  const copies = chosen(manifest, services);
  for (const copy of copies) await requireWhole(folder, copy);
  const { postgresTools } = await bringArtifacts(progress, ['postgresTools']);
  for (const copy of copies) {
    await progress.step(`restore ${copy.service}`, () =>
      restoreOne(platform, copy, join(folder, copy.file), postgresTools, new Date(manifest.madeAt)),
    );
  }
}

function chosen({ copies }: Manifest, services: string[]): Copy[] {
  const unknown = services.filter((name) => !copies.some(({ service }) => service === name));
  if (unknown.length > 0) throw new Problem(`the backup holds nothing of ${unknown.join(', ')}.`);
  return services.length > 0 ? copies.filter(({ service }) => services.includes(service)) : copies;
}

async function restoreOne(platform: Platform, { service, kind }: Copy, file: string, tools: string, madeAt: Date) {
  await platform.stopApp(service);
  const url = platform.databaseUrl(service);
  if (kind === 'mongodb') await loadMongodb(url, file);
  else {
    await emptyPostgres(platform.home, Number(new URL(url).port), service);
    await loadPostgres(tools, url, file);
  }
  await rewind(platform.kafka, service, topicsHeardBy(service), madeAt);
  await platform.startApp(service);
}

const topicsHeardBy = (service: string): string[] =>
  Object.keys(readProcesses().find(({ name }) => name === service)?.hears ?? {});
