import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** What a process needs at run time; folders relative to the root of the work tree, sorted. */
export interface Needs {
  /** Workspaces of ours, the process's own included. */
  workspaces: string[];
  /** Installed packages, such as `node_modules/express` or `packages/kit/node_modules/express`. */
  packages: string[];
}

export interface AllNeeds extends Needs {
  /** Those of the packages that our own code imports or reads. */
  imported: string[];
}

export interface Manifest {
  name: string;
  version?: string;
  license?: string;
  exports?: Record<string, { default: string }>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What a thread of its own starts with is named by its address, not imported. */
const startedFiles = /new URL\('(\.[^']+\.js)', import\.meta\.url\)/g;

/** Nor is a package that is read, and not run: it needs nothing itself. */
const readPackages = /import\.meta\.resolve\('([^'.][^']*)'\)/g;

/**
 * Follows our own code import by import from the process's start, and other people's packages by what they declare. So a
 * process carries what it uses of the packages that it shares with others, and no more.
 */
export function needsOf(root: string, processFolder: string): AllNeeds {
  const workspaces = new Set<string>();
  const imported = new Set<string>();
  const read = new Set<string>();
  const packages = new Set<string>();
  const seen = new Set<string>();

  function visitModule(file: string): void {
    if (seen.has(file)) return;
    seen.add(file);
    workspaces.add(workspaceOf(root, file));
    const text = readFileSync(file, 'utf8');
    for (const [, thread = ''] of text.matchAll(startedFiles)) visitModule(resolve(dirname(file), thread));
    for (const [, specifier = ''] of text.matchAll(readPackages)) read.add(packageFor(specifier, file));
    for (const { fileName: specifier } of ts.preProcessFile(text).importedFiles) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) visitModule(resolve(dirname(file), specifier));
      else if (specifier.startsWith('@cabinet/')) visitModule(moduleOfWorkspace(root, specifier));
      else imported.add(packageFor(specifier, file));
    }
  }

  const packageFor = (specifier: string, file: string) => needed(root, packageName(specifier), dirname(file));

  function visitPackage(folder: string): void {
    if (packages.has(folder)) return;
    packages.add(folder);
    for (const each of packagesOf(root, folder)) visitPackage(each);
  }

  visitModule(join(root, processFolder, 'dist/main.js'));
  for (const folder of imported) visitPackage(folder);
  return {
    workspaces: [...workspaces].sort(),
    packages: [...packages.union(read)].sort(),
    imported: [...imported.union(read)].sort(),
  };
}

/** The same with what a folder that is served was put together of: other people's packages that its workspace declares. */
export function withServed(root: string, all: AllNeeds, served: string): AllNeeds {
  const ofOthers = (folder: string) =>
    packagesOf(root, folder).filter((each) => !each.includes('node_modules/@cabinet/'));
  const declared = ofOthers(served);
  const packages = new Set<string>();
  const visit = (folder: string): void => {
    if (packages.has(folder)) return;
    packages.add(folder);
    packagesOf(root, folder).forEach(visit);
  };
  declared.forEach(visit);
  const joined = (some: string[], more: Iterable<string>) => [...new Set([...some, ...more])].sort();
  return {
    workspaces: joined(all.workspaces, [served]),
    packages: joined(all.packages, packages),
    imported: joined(all.imported, declared),
  };
}

/** The packages that an installed one declares and needs at run time. */
export function packagesOf(root: string, folder: string): string[] {
  const manifest = readManifest(join(root, folder));
  const { dependencies, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter((each) => !peerDependenciesMeta[each]?.optional);
  const from = join(root, folder);
  return [...new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])].flatMap((name) =>
    // What is optional may be for another kind of machine.
    name in optionalDependencies ? (installed(root, name, from) ?? []) : needed(root, name, from),
  );
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function needed(root: string, name: string, from: string): string {
  const folder = installed(root, name, from);
  if (!folder) throw new Error(`${name} is not installed, and ${from} needs it`);
  return folder;
}

/** The folder that Node would find, relative to the root. */
function installed(root: string, name: string, from: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found.slice(root.length + 1);
  }
  return undefined;
}

function moduleOfWorkspace(root: string, specifier: string): string {
  const name = packageName(specifier);
  const folder = realpathSync(join(root, 'node_modules', name));
  const { exports = {} } = readManifest(folder);
  const below = specifier.slice(name.length);
  const target = exports[`.${below}`] ?? (below === '' ? undefined : exports['./*']);
  if (!target) throw new Error(`${specifier} is not exported`);
  return join(folder, target.default.replace('*', below.slice(1)));
}

function workspaceOf(root: string, file: string): string {
  return file.slice(root.length + 1).split('/dist/', 1)[0] as string;
}

/** `@scope/name/deep/file.js` → `@scope/name`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
