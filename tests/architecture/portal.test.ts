import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { textAreas } from '../../portal/text-areas.js';

const portal = join(workTree, 'portal');
const read = (file: string) => readFileSync(join(portal, file), 'utf8');

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const manifest: Record<string, Chunk> = JSON.parse(read('dist/.vite/manifest.json'));

/** Everything that is loaded at once with a module. */
function filesOf(module: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[module];
  if (!chunk) throw new Error(`the build has no ${module}`);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const each of chunk.imports ?? []) if (!seen.has(manifest[each]?.file as string)) filesOf(each, seen);
  return seen;
}

/** Everything that a page of ours names, and that is loaded at once with that. */
function filesOfPage(page: string): Set<string> {
  const seen = new Set<string>();
  for (const [, named] of read(`dist/${page}`).matchAll(/ (?:src|href)="\/(assets\/[^"]+)"/g)) {
    seen.add(named as string);
    const module = Object.keys(manifest).find((each) => manifest[each]?.file === named);
    if (module) for (const file of filesOf(module)) seen.add(file);
  }
  return seen;
}

/** Brotli at its best, as the gateway sends what it compressed beforehand. */
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const kB = (modules: string[]) => {
  const files = new Set([...filesOfPage('index.html'), ...modules.flatMap((module) => [...filesOf(module)])]);
  const bytes = [...files].map((file) => brotliCompressSync(readFileSync(join(portal, 'dist', file)), options).length);
  return bytes.reduce((sum, each) => sum + each, brotliCompressSync(read('dist/index.html'), options).length) / 1_000;
};

const shell = ['src/languages/fr.po?first'];

it('has words for every service and kind of data of which a receipt of an erasure tells', () => {
  const sources = globSync('services/*/src/**/*.ts', { cwd: workTree, exclude: ['**/*.test.ts'] }).map((file) => ({
    service: file.split('/')[1] as string,
    text: readFileSync(join(workTree, file), 'utf8'),
  }));
  const receipts = sources.filter(({ text }) => text.includes('keptTrail,'));
  const words = read('src/words/erasure.ts');
  // A service that has just begun has its own words shown, until somebody names it there.
  const named = receipts.filter(({ service }) => new RegExp(`^  ${service}: msg\``, 'm').test(words));
  expect(named.length).toBeGreaterThanOrEqual(7);
  const kinds = named.flatMap(({ text }) => [...text.matchAll(/\{\s*kind: '(\w+)'/g)].map(([, kind]) => kind));
  expect(kinds.length).toBeGreaterThan(30);
  const lacking = kinds.filter((each) => !new RegExp(`^  ${each}: msg\``, 'm').test(words));
  expect(lacking).toEqual([]);
});

describe('the first load', () => {
  it('of signing in is at most 150 kB', () => {
    expect(kB(shell)).toBeLessThan(150);
  });

  it.each([
    ['patients', 'src/pages/patients/patient/appointments/appointments.tsx'],
    ['secretaries', 'src/pages/agendas.tsx'],
    ['practitioners', 'src/pages/today.tsx'],
    ['admins', 'src/pages/users/users.tsx'],
  ])('of where %s begin is at most 200 kB', (_role, page) => {
    const areas = Object.entries(textAreas).filter(([, pages]) => pages.test(`/${page}`));
    const parts = ['rest', ...areas.map(([area]) => area)].map((part) => `src/languages/fr.po?${part}`);
    expect(kB([...shell, ...parts, page])).toBeLessThan(200);
  });
});

describe('the files that a browser fetches', () => {
  it('before it shows anything are so few that it asks for all of them at once', () => {
    expect(filesOfPage('index.html').size).toBeLessThanOrEqual(5);
  });

  it('for the page for outages are none of those that show the portal', () => {
    const own = [...filesOfPage('outage.html')];
    expect(own.filter((file) => filesOfPage('index.html').has(file)).join()).toMatch(/^assets\/kept-[\w-]+\.js$/);
    expect(own.length).toBeLessThanOrEqual(3);
  });
});

it('runs nothing and shows nothing that is not a file of ours', () => {
  const page = read('dist/index.html');
  expect(page.match(/<script(?![^>]* src="\/(?:assets\/|start\.js"))/g)).toBeNull();
  expect(page.match(/<style|style="| on\w+="|https?:/g)).toBeNull();
});

it('has no page for makers in what is built', () => {
  expect(Object.keys(manifest)).not.toContain('src/pages/style.tsx');
});

it('asks later only for pages and languages: whoever lacks one of these is told what to do', () => {
  const askers = globSync('src/**/*.{ts,tsx}', { cwd: portal }).filter((file) =>
    /\bimport(?:\.meta\.glob)?[<(]/.test(read(file)),
  );
  expect(askers.sort()).toEqual([
    'src/languages.ts',
    'src/routes.tsx',
    'src/routes/administration.tsx',
    'src/routes/messages.tsx',
    'src/routes/patients.tsx',
  ]);
});

it('has no file of more than 250 lines', () => {
  const long = globSync('src/**/*.{ts,tsx,css}', { cwd: portal })
    .map((file) => [file, read(file).split('\n').length] as const)
    .filter(([, lines]) => lines > 250);
  expect(long).toEqual([]);
});

it('keeps nothing where a later reader of the browser finds it but the language, when it was last touched, and a copy for outages', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: portal }).filter((file) => !/\.test\.tsx?$/.test(file));
  const usersOf = (word: RegExp) => sources.filter((file) => word.test(read(file))).sort();
  expect(usersOf(/localStorage/)).toEqual(['src/session/kept.ts']);
  expect(usersOf(/\bkeptInBrowser\.set\b/)).toEqual(['src/languages.ts', 'src/session/touches.ts']);
  expect(usersOf(/\bcaches\b|indexedDB/)).toEqual(['src/outage/copy.ts', 'src/outage/keep-page.ts']);
});

it('writes dates in one place, as the reader of a language does', () => {
  const makers = globSync('src/**/*.{ts,tsx}', { cwd: portal })
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .filter((file) => /new Intl\.DateTimeFormat|\.toLocale(?:Date|Time)?String\(/.test(read(file)));
  expect(makers).toEqual(['src/time/zone.ts']);
});

it('asks with each page of an area for the texts that it alone says', () => {
  const routes = globSync('src/{routes,routes/*}.tsx', { cwd: portal }).map(read).join('');
  const asked = [...routes.matchAll(/lazy(?:Of\.(\w+))?\(\(\) => import\('\.{1,2}(\/pages\/[^']+)'\)/g)];
  const areaOf = (page = '') => Object.entries(textAreas).find(([, pages]) => pages.test(page))?.[0];
  expect(asked.map(([, area, page]) => [page, area])).toEqual(asked.map(([, , page]) => [page, areaOf(page)]));
  expect(new Set(asked.map(([, area]) => area)).size).toBe(Object.keys(textAreas).length + 1);
});

it('has every page at the address that its place says', () => {
  const routes = globSync('src/{routes,routes/*}.tsx', { cwd: portal }).map(read).join('');
  const imported = [...routes.matchAll(/import\('\.{1,2}\/(pages\/[^']+)'\)/g)].map(([, file]) => file as string);
  const pages = globSync('src/pages/**/*.tsx', { cwd: portal }).map((file) => file.slice('src/'.length));
  const framed = [
    'pages/home.tsx',
    'pages/not-found.tsx',
    'pages/page-failed.tsx',
    'pages/signed-in.tsx',
    'pages/signed-out.tsx',
  ];
  expect([...imported, ...framed].sort()).toEqual(pages.filter((file) => !file.endsWith('.test.tsx')).sort());
});
