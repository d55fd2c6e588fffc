import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Problem } from '../../dev/src/problem.ts';
import { inheritedEnvironment } from '../../dev/src/process-spec.ts';

/** How much the tables of a database hold; a copy has no indexes. */
export async function postgresBytes(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      "select sum(pg_table_size(oid)) as bytes from pg_class where relkind in ('r', 'm')",
    );
    return Number(rows[0].bytes);
  } finally {
    await client.end();
  }
}

/** Copies a database as it is at one moment, with its schema, while it is in use. */
export async function dumpPostgres(tools: string, url: string, file: string, signal: AbortSignal): Promise<void> {
  await run(join(tools, 'pg_dump'), ['--format=custom', '--no-password', `--file=${file}`], url, signal);
}

/** Fills an empty database, all of it or nothing. The extensions are there already, and only a superuser may touch them. */
export async function loadPostgres(tools: string, url: string, file: string, signal: AbortSignal): Promise<void> {
  const args = ['--no-owner', '--no-comments', '--single-transaction', '--exit-on-error', '--no-password'];
  await run(join(tools, 'pg_restore'), [...args, `--dbname=${new URL(url).pathname.slice(1)}`, file], url, signal);
}

// The password goes by the environment: other users of the machine can read arguments.
async function run(program: string, args: string[], url: string, signal: AbortSignal): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const env = {
    ...inheritedEnvironment(),
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  try {
    await promisify(execFile)(program, args, { env, signal });
  } catch (error) {
    throw new Problem(`${program} failed: ${(error as { stderr?: string }).stderr?.trim() || error}`);
  }
}
