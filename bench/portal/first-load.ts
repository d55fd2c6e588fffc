import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { type Figure, within } from '../figures.ts';

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

const dist = join(workTree, 'portal/dist');
const shell = ['src/languages/fr.po?first'];
const [shellMax, pageMax] = [150, 200];

/** Where each role begins. */
const beginnings = {
  patients: 'src/pages/patients/patient/appointments/appointments.tsx',
  secretaries: 'src/pages/agendas.tsx',
  practitioners: 'src/pages/today.tsx',
  admins: 'src/pages/users/users.tsx',
};

/** Compressed, where the build found it worth while. */
function sentBytes(file: string): number {
  const [plain, compressed] = [join(dist, file), join(dist, `${file}.br`)];
  return statSync(existsSync(compressed) ? compressed : plain).size;
}

/** What a page of ours has a browser load at once. */
const named = (page: string): string[] =>
  [...readFileSync(join(dist, page), 'utf8').matchAll(/ (?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(
    ([, file]) => file as string,
  );

/** What a browser fetches before it can show the page of signing in, and the first of each role, as it is sent. */
export function measureFirstLoad(): Figure[] {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  const filesOf = (module: string, seen: Set<string>): Set<string> => {
    const { file, css = [], imports = [] } = manifest[module] ?? {};
    if (!file) throw new Error(`the build has no ${module}`);
    for (const each of [file, ...css]) seen.add(each);
    for (const each of imports) if (!seen.has(manifest[each]?.file as string)) filesOf(each, seen);
    return seen;
  };
  const kB = (modules: string[]) => {
    const files = new Set(['index.html', ...named('index.html')]);
    for (const module of modules) filesOf(module, files);
    return [...files].reduce((sum, file) => sum + sentBytes(file), 0) / 1_000;
  };
  const rest = ['src/languages/fr.po?rest'];
  return [
    within('portal, first load of signing in', 'kB', kB(shell), shellMax),
    ...Object.entries(beginnings).map(([who, page]) =>
      within(`portal, first load where ${who} begin`, 'kB', kB([...shell, ...rest, page]), pageMax),
    ),
  ];
}
