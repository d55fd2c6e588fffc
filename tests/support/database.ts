import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { templateDatabase } from '../../dev/src/test-servers.ts';
import type {} from './servers.setup.ts';

const unique = (name: string) => `${name}_${randomBytes(6).toString('hex')}`;

/**
 * A fresh PostgreSQL database, empty but for the extensions, owned by a role of its own that may do no more than a
 * service's may. Resolves to its URL. It goes when the server does.
 */
export async function createDatabase(name: string): Promise<string> {
  const url = new URL(inject('postgresAdminUrl'));
  const database = unique(name);
  const password = randomBytes(12).toString('hex');
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  try {
    await admin.query(`create role ${database} login password '${password}'`);
    await admin.query(`create database ${database} owner ${database} template ${templateDatabase} strategy file_copy`);
  } finally {
    await admin.end();
  }
  url.username = database;
  url.password = password;
  url.pathname = database;
  return url.href;
}

/**
 * Keeps what the statement locks out of others' reach while `work` is done, or until it lets go. Nothing is held afterwards,
 * whatever failed: who waits for a lock could not stop.
 */
export async function whileHolding<T>(
  pool: pg.Pool,
  [sql, ...values]: [string, ...unknown[]],
  work: (letGo: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const held = await pool.connect();
  try {
    await held.query('begin');
    await held.query(sql, values);
    return await work(() => held.query('commit'));
  } finally {
    held.release(true);
  }
}

/**
 * Ends whatever others are doing in the database, in the middle, as when their processes were killed there: not those of the
 * asker's application name, and not what is the server's own, which a role like ours may not end.
 */
export const cutOff = (by: pg.Client | pg.Pool): Promise<pg.QueryResult> =>
  by.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename = current_user and backend_type = 'client backend'
       and application_name <> current_setting('application_name')`,
  );

/** The URL of a fresh database on the MongoDB-compatible server. */
export function createMongoDatabase(name: string): string {
  const url = new URL(inject('mongodbUrl'));
  url.pathname = unique(name);
  return url.href;
}
