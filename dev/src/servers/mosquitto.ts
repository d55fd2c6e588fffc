import { createHash, pbkdf2Sync } from 'node:crypto';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { workTree } from '../../cache.mjs';
import { type Home, writeWhole } from '../home.ts';
import { deviceReader, deviceReaderPassword } from '../process-secrets.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { secret } from '../secrets.ts';
import { accepts, until } from '../wait.ts';

const folder = join(workTree, 'tools/images/mosquitto');

/** The broker of the devices, as it is in compose, on this machine alone. */
export function mosquitto({ home, port, program }: { home: Home; port: number; program: string }): ProcessSpec {
  const data = home.data('mosquitto');
  mkdirSync(data, { recursive: true });
  const passwords = home.run('mosquitto-passwords');
  writeWhole(
    passwords,
    passwordLine(
      deviceReader,
      deviceReaderPassword((name) => secret(home, name)),
    ),
    0o600,
  );
  const configuration = home.run('mosquitto.conf');
  const own = {
    listener: `${port} 127.0.0.1`,
    password_file: passwords,
    acl_file: join(folder, 'access'),
    persistence_location: `${data}/`,
    // Started by root it would become another user, who may read none of these.
    user: userInfo().username,
  };
  writeWhole(configuration, configured(own), 0o600);
  return {
    name: 'mosquitto',
    kind: 'server',
    command: program,
    args: ['-c', configuration],
    cwd: home.run(),
    env: { ...inheritedEnvironment(), LD_LIBRARY_PATH: librariesOf(program) },
    port,
    after: [],
    ready: (signal) => until(() => accepts(port), signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}

/**
 * What is in the image, but for these, each in its place: what comes before the listener would make it open port 1883 as well, to
 * everybody.
 */
function configured(own: Record<string, string>): string {
  const lines = readFileSync(join(folder, 'mosquitto.conf'), 'utf8').trimEnd().split('\n');
  const nameOf = (line: string) => line.split(' ')[0] ?? '';
  const named = new Set(lines.map(nameOf));
  const inPlace = lines.map((line) =>
    Object.hasOwn(own, nameOf(line)) ? `${nameOf(line)} ${own[nameOf(line)]}` : line,
  );
  const others = Object.entries(own).filter(([name]) => !named.has(name));
  return [...inPlace, ...others.map((words) => words.join(' ')), ''].join('\n');
}

/** Debian's package brings its libraries beside it where it was unpacked and not installed. */
function librariesOf(program: string): string {
  const libraries = globSync('usr/lib/*-linux-*/*.so*', { cwd: join(program, '../../..') });
  const folders = libraries.map((file) => dirname(join(program, '../../..', file)));
  return program.startsWith('/usr/') ? (process.env.LD_LIBRARY_PATH ?? '') : [...new Set(folders)].join(':');
}

const iterations = 101;

/**
 * A line of its file of passwords: PBKDF2 with SHA-512. Chance that long needs no more rounds, and its salt may be made of it, so that the
 * same password makes the same line.
 */
export function passwordLine(user: string, password: string): string {
  const salt = createHash('sha256').update(`salt ${password}`).digest().subarray(0, 12);
  const hash = pbkdf2Sync(password, salt, iterations, 64, 'sha512');
  return `${user}:$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}
