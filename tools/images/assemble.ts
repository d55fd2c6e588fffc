// Lays out, from a work tree that is installed and compiled, what goes into the images: node assemble.ts <target>.
// <target>/shared holds what every process needs, <target>/service what every service needs besides, <target>/<process>
// the rest of each: parts of one tree, /cabinet, with the paths of the work tree. Runs inside the build image.
import {
  copyFileSync,
  existsSync,
  globSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.ts';
import { type Needs, needsOf, withServed } from './closure.ts';
import { isWanted } from './wanted.ts';

const root = join(import.meta.dirname, '../..');
const target = process.argv[2];
if (!target) throw new Error('say where: node tools/images/assemble.ts <target>');

const processes = globSync(['services/*/dist/main.js', 'gateway/dist/main.js', 'registry/dist/main.js'], { cwd: root })
  .map((file) => dirname(dirname(file)))
  .sort();
const needs = new Map(processes.map((folder) => [folder, needsOf(root, folder)]));
const shared = common([...needs.values()]);
const service = common(processes.filter(isService).map((folder) => needs.get(folder) as Needs));

layOut(shared, 'shared');
copyFile('tools/images/is-alive.mjs', tree('shared'), 'is-alive.mjs');
layOut(without(service, shared), 'service');
for (const [folder, all] of needs) {
  const own = without(all, shared);
  layOut(isService(folder) ? without(own, service) : own, basename(folder));
  const inIt = folder === 'gateway' ? withServed(root, all, 'portal') : all;
  writeFileSync(join(tree(basename(folder)), 'sbom.cdx.json'), billOfMaterials(root, folder, inIt));
}
// The gateway serves the portal, which it finds beside itself; how its scripts were made is told to nobody.
for (const file of filesOf('portal/dist').filter((each) => !/(?:^|\/)\.|\.map$/.test(each))) {
  copyFile(join('portal/dist', file), tree('gateway'));
}
giveOneDate(target);

function isService(folder: string): boolean {
  return folder.startsWith('services/');
}

function common([first, ...others]: Needs[]): Needs {
  const everywhere = (kind: keyof Needs) =>
    (first?.[kind] ?? []).filter((each) => others.every((other) => other[kind].includes(each)));
  return { workspaces: everywhere('workspaces'), packages: everywhere('packages') };
}

function without(all: Needs, left: Needs): Needs {
  const rest = (kind: keyof Needs) => all[kind].filter((each) => !left[kind].includes(each));
  return { workspaces: rest('workspaces'), packages: rest('packages') };
}

function tree(layer: string): string {
  return join(target as string, layer, 'cabinet');
}

function layOut({ workspaces, packages }: Needs, name: string): void {
  const layer = tree(name);
  for (const folder of workspaces) {
    const parts = ['package.json', 'openapi.json', 'assets/*', 'dist/**/*.js'];
    for (const file of globSync(parts, { cwd: join(root, folder) }).sort()) {
      if (!file.endsWith('.test.js')) copyFile(join(folder, file), layer);
    }
    if (!folder.startsWith('packages/')) continue;
    const link = join(layer, 'node_modules/@cabinet', basename(folder));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join('../..', folder), link);
  }
  for (const folder of packages) {
    for (const file of filesOf(folder).filter(isWanted)) copyFile(join(folder, file), layer);
  }
}

/** The files below a folder, by their paths in it; none where there is no such folder. */
function filesOf(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
    .sort();
}

function copyFile(file: string, layer: string, to = file): void {
  mkdirSync(join(layer, dirname(to)), { recursive: true });
  copyFileSync(join(root, file), join(layer, to));
}

/** The same files make the same layer, whenever they were made. */
function giveOneDate(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lutimesSync(join(entry.parentPath, entry.name), 0, 0);
  }
  lutimesSync(folder, 0, 0);
}
