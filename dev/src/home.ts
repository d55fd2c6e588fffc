import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { workTree } from '../cache.mjs';

/** The folder that holds everything a running platform keeps: data, secrets, logs and what runs now. */
export class Home {
  readonly folder: string;

  constructor(folder: string = process.env.CABINET_HOME || join(workTree, '.cabinet')) {
    this.folder = resolve(folder);
  }

  /** What survives a restart, a folder a server; `reset` empties it. */
  data(server = ''): string {
    return join(this.folder, 'data', server);
  }

  /** What describes the present run; replaced at every start. */
  run(file = ''): string {
    return join(this.folder, 'run', file);
  }

  log(processName: string): string {
    return join(this.folder, 'logs', `${processName}.log`);
  }

  secret(name: string): string {
    return join(this.folder, 'secrets', name);
  }

  /** Held from the beginning of a start until all has stopped. */
  get lock(): string {
    return this.run('lock');
  }

  /** Whether this folder is Cabinet's: those of before have no mark, but a secret that every start makes first. */
  get isHome(): boolean {
    return existsSync(this.#mark) || existsSync(this.secret('postgres-superuser'));
  }

  get #mark(): string {
    return join(this.folder, '.cabinet-home');
  }

  create(): void {
    for (const folder of ['data', 'run', 'logs', 'secrets']) {
      const path = join(this.folder, folder);
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o700);
    }
    writeFileSync(this.#mark, 'All that a Cabinet on this machine keeps. npm run reset empties it.\n');
  }
}

/** Writes a file that is never seen half written. */
export function writeWhole(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, content, { mode });
  renameSync(part, file);
}

/** The parsed JSON file, or undefined when there is none. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}
