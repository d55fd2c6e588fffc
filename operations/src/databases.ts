import type { Home } from '../../dev/src/home.ts';
import { type Lock, tryLock } from '../../dev/src/lock.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { messageOf, Problem } from '../../dev/src/problem.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import { mongodbBytes } from './mongodb-copy.ts';
import { postgresBytes } from './postgres-copy.ts';

/** The database of a service, which need not run. */
export interface Database {
  service: string;
  kind: 'postgres' | 'mongodb';
  url: string;
}

/** Those of every declared service that has one. */
export const databasesOf = (platform: Platform): Database[] =>
  readProcesses().flatMap(({ name: service, database }) =>
    database ? [{ service, kind: database.kind, url: platform.databaseUrl(service) }] : [],
  );

/** Held while databases are copied or replaced: a copy of one that is being replaced would hold neither. */
export function lockDatabases(home: Home): Lock {
  const lock = tryLock(home.run('databases.lock'));
  if ('release' in lock) return lock;
  throw new Problem(`a backup or a restore is being made already (process ${lock.pid}): wait until it is done.`);
}

/**
 * How much they hold together, in bytes, before it is compressed.
 * @throws Problem, naming each that cannot be reached
 */
export async function bytesOf(databases: Database[]): Promise<number> {
  const sizes = await Promise.allSettled(
    databases.map(({ kind, url }) => (kind === 'mongodb' ? mongodbBytes(url) : postgresBytes(url))),
  );
  const away = sizes.flatMap((size, nth) =>
    size.status === 'rejected' ? [`${databases[nth]?.service} cannot be copied: ${messageOf(size.reason)}`] : [],
  );
  if (away.length > 0) {
    const how = 'npm run down, then npm run up starts all servers; npm run status shows them.';
    throw new Problem(`no backup is made, since ${away.join('\n')}\n${how}`);
  }
  return sizes.reduce((sum, size) => sum + (size.status === 'fulfilled' ? size.value : 0), 0);
}
