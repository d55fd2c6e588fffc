import { execFile } from 'node:child_process';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { messageOf, Problem } from '../../dev/src/problem.ts';
import { type Process, readProcesses, topicsOf } from '../../dev/src/processes.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { rulesOf } from './derived-access.ts';
import { generateSpecifications } from './gen.ts';
import { camelCase, named, pascalCase, pluralOf } from './names.ts';
import { runNode } from './tool.ts';

export type DatabaseKind = 'postgres' | 'mongo';

const lockFile = join(workTree, 'package-lock.json');
const templates = join(import.meta.dirname, '../templates/service');
const accessTemplate = join(import.meta.dirname, '../templates/access/some-thing.ts');

/**
 * Writes `services/<name>` from the templates of what every service has and of what those with this database have, its rules of
 * access, and all that is derived from it.
 * @returns what to do next
 * @throws Problem for a name that cannot be, and then nothing is written
 */
export async function makeService(progress: Progress, name: string, kind: DatabaseKind): Promise<string> {
  const processes = readProcesses();
  const problem = problemWith(name, processes);
  if (problem) throw new Problem(`${name}: ${problem}`);
  const folder = join(workTree, 'services', name);
  const rules = join(workTree, rulesOf(name));
  await progress.step(`services/${name}`, async (note) => {
    const port = String(freePort(processes));
    const lock = readFileSync(lockFile, 'utf8');
    using stop = untilStopped();
    try {
      for (const [file, text] of filesOf(name, kind, port)) writeWhole(join(folder, file), text);
      writeWhole(rules, named(name, readFileSync(accessTemplate, 'utf8')));
      note('npm install');
      const words = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
      await promisify(execFile)('npm', words, { cwd: workTree, signal: stop.signal });
      // Imports are in the order of their names, and lines as long as those make them.
      await runNode(['node_modules/@biomejs/biome/bin/biome', 'check', '--write', folder, rules], 'the formatter says');
      stop.signal.throwIfAborted();
    } catch (error) {
      // Half a service would be in the way of the next try.
      for (const made of [folder, rules, join(workTree, 'node_modules/@cabinet', name)])
        rmSync(made, { recursive: true, force: true });
      writeFileSync(lockFile, lock);
      if (stop.signal.aborted) throw new Problem(`services/${name} was not made: stopped, and nothing of it is left.`);
      throw new Problem(`services/${name} could not be made: ${messageOf(error)}`);
    }
    return `port ${port}`;
  });
  await generateSpecifications(progress, []);
  return `
services/${name} is there: /api/${pluralOf(name)}, described at /docs once it runs (npm run up).
Say in its README.md and process.json what it keeps, then make domain/${name}.ts and the first migration your own.
Say in ${rulesOf(name)} who may see and do what.
npm run check, npm test -- services/${name}, and docs/add-a-service.md for the rest.`;
}

/** Aborts at each signal that asks this process to end, until it is disposed of. */
function untilStopped(): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const each of signals) process.on(each, abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => signals.forEach((each) => void process.off(each, abort)),
  };
}

/** What is grouped by the names of processes, Secrets that stand beside theirs, and whom PostgreSQL gives no role. */
const others = ['app-api-token', 'core', 'dapr-api-token', 'none', 'observability', 'portal', 'postgres'];

/** Why no service can have the name; undefined: it can. */
export function problemWith(name: string, processes: Process[]): string | undefined {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(name) || name.length < 2 || name.length > 40)
    return 'a service is called by 2 to 40 small letters, with hyphens between words, such as visit-reason';
  if (holdsFiles(join(workTree, 'services', name)) || processes.some((each) => each.name === name))
    return 'there is one already';
  const beside = /-(?:dapr|identity|pod|postgres|secrets|sidecar)$/.exec(name);
  if (beside) return `what stands beside a process ends in that (${beside[0]})`;
  if (namesInEveryDatabase().has(name.replaceAll('-', '_'))) return 'every service keeps something under that name';
  const isTaken =
    others.includes(name) ||
    /^pg-/.test(name) ||
    containers().has(name) ||
    packagesByName().has(`@cabinet/${name}`) ||
    isSpokenFor(name);
  if (isTaken || foldersAndPages(processes).has(name)) return 'the name is taken by something that is no service';
  if (identifiersOfTemplates().has(camelCase(name)) || identifiersOfTemplates().has(pascalCase(name)))
    return 'every service has something of that name in its code';
  const plural = processes.find((each) => pluralOf(each.name) === name);
  if (plural) return `it is the plural of ${plural.name}: a service is called by the singular`;
  const path = `/api/${pluralOf(name)}`;
  for (const process of processes) {
    const { name: owner, routes } = process;
    if (topicsOf(process).includes(name)) return `the topic is that of ${owner}`;
    const paths = routes.flatMap(({ prefix, aliases }) => [prefix, ...aliases]);
    if (paths.includes(`/api/${name}`)) return `/api/${name} is routed to ${owner} already: is it a plural?`;
    if (paths.some((other) => `${other}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${other}/`)))
      return `${path} is routed to ${owner} already`;
  }
  // What is several would be made several once more; a status and a diagnosis are one.
  if (/[^suic]s$/.test(name))
    return `a service is called by one of what it keeps, not by several: ${name.replace(/s$/, '')}`;
  return undefined;
}

const generated = /(?:^|\/)(?:dist|generated|node_modules)(?:\/|$)|\.tsbuildinfo$/;

/** Whether a folder is in the way of a new service: what only the build left in it is not. */
export function holdsFiles(cwd: string): boolean {
  return globSync('**/*', { cwd, exclude: (path) => generated.test(path) }).some((path) =>
    statSync(join(cwd, path)).isFile(),
  );
}

/** What stands at the top of the tree, what the gateway answers itself, and whom processes meet. */
const foldersAndPages = (processes: Process[]): Set<string> =>
  new Set([
    // What jobs reckon a service of that name may answer from.
    ...globSync('*', { cwd: workTree }).filter((folder) => folder !== 'analytics'),
    ...processes
      .filter(({ kind }) => kind === 'gateway')
      .flatMap(({ routes }) => routes.map(({ prefix }) => prefix.replace(/^\/(?:api\/)?/, ''))),
    ...['cabinet', 'eureka', 'test'],
  ]);

const matchesIn = (files: string[], pattern: RegExp): Set<string> =>
  new Set(
    files.flatMap((file) =>
      [...readFileSync(join(workTree, file), 'utf8').matchAll(pattern)].map(([, found = '']) => found),
    ),
  );

/** Tables, indexes and collections that come with a store. */
const namesInEveryDatabase = (): Set<string> =>
  matchesIn(
    globSync('packages/{postgres,mongo}/src/**/*.ts', { cwd: workTree }),
    /(?:create (?:table|index) |documentsOf<\w+>\(.*'|Collection = ')(\w+)/g,
  );

/** Servers that run beside the processes, too. */
const containers = (): Set<string> => matchesIn(['docker-compose.yml'], /^ {2}([a-z][\w-]*):$/gm);

/** A service of that name would declare, beside its own, what the templates declare or import. */
function identifiersOfTemplates(): Set<string> {
  const texts = globSync('*/{src,test}/**/*.ts', { cwd: templates }).map((file) =>
    readFileSync(join(templates, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, ''),
  );
  return new Set(texts.flatMap((text) => text.match(/(?<![.\w])[a-zA-Z]\w*(?!\w)/g) ?? []));
}

/** A word of the language, or what every program has: no variable and no type can be called so. */
function isSpokenFor(name: string): boolean {
  try {
    new Script(`'use strict'; const ${camelCase(name)} = 1`);
    return Object.hasOwn(globalThis, pascalCase(name));
  } catch {
    return true;
  }
}

/** The last two digits are those of the ports of its sidecar. */
function freePort(processes: Process[]): number {
  const taken = new Set(processes.map(({ port }) => port % 100));
  const free = Array.from({ length: 100 }, (_, nth) => 9_091 + nth).find((port) => !taken.has(port % 100));
  if (!free) throw new Problem('all ports are taken');
  return free;
}

function filesOf(name: string, kind: DatabaseKind, port: string): [file: string, text: string][] {
  return ['all', kind].flatMap((part) => {
    const root = join(templates, part);
    const files = globSync('**/*', { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
    return files.map((file): [string, string] => {
      const text = named(name, readFileSync(join(root, file), 'utf8'));
      if (file === 'process.json') return [file, text.replace('"port": 0', `"port": ${port}`)];
      return [named(name, file), file === 'package.json' ? withVersions(text) : text];
    });
  });
}

/** The versions of packages that the other services have. */
function withVersions(text: string): string {
  const known = packagesByName();
  return text.replaceAll(/"([^"]+)": "\*"/g, (_, dependency) => `"${dependency}": "${known.get(dependency)}"`);
}

interface Locked {
  version?: string;
  /** Of a workspace: where it is. */
  resolved?: string;
  link?: boolean;
}

/** What stands at the top of the lock: every package and workspace by its name, with its version. */
function packagesByName(): Map<string, string | undefined> {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return new Map(
    Object.entries(packages).flatMap(([path, { version, link, resolved = '' }]): [string, string | undefined][] => {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
      return name ? [[name, link ? packages[resolved]?.version : version]] : [];
    }),
  );
}
