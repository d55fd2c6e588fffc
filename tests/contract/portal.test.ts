import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPortalFiles } from '../../gateway/src/pages/portal-files.js';
import { textAreas } from '../../portal/text-areas.js';

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const folder = join(import.meta.dirname, '../../portal/dist');
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));

/** All that a browser fetches before it can show a chunk. */
function filesOf(name: string, files = new Set<string>()): Set<string> {
  const { file, css = [], imports = [] } = manifest[name] as Chunk;
  if (files.has(file)) return files;
  for (const each of [file, ...css]) files.add(each);
  for (const each of imports) filesOf(each, files);
  return files;
}

/** What every page begins with, as `index.html` names it. */
function filesOfAll(): Set<string> {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const files = new Set<string>();
  for (const [, named] of page.matchAll(/ (?:src|href)="\/(assets\/[^"]+)"/g)) {
    const [name] = Object.entries(manifest).find(([, { file }]) => file === named) ?? [];
    if (!name) throw new Error(`the build does not know ${named}`);
    filesOf(name, files);
  }
  return files;
}

/** As it is sent. */
function kilobytes(files: Iterable<string>): number {
  const sent = [...files].map((file) => {
    const compressed = join(folder, `${file}.br`);
    return statSync(existsSync(compressed) ? compressed : join(folder, file)).size;
  });
  return Math.round(sent.reduce((sum, bytes) => sum + bytes, 0) / 1_000);
}

/** The longest texts of any language: what all pages have, the rest, or those of an area. */
const largest = (part: string): string => {
  const all = Object.keys(manifest).filter((name) => name.endsWith(`.po?${part}`));
  const [name] = all.sort((a, b) => kilobytes(filesOf(b)) - kilobytes(filesOf(a)));
  if (!name) throw new Error(`the build has no texts: ${part}`);
  return name;
};

const pages = Object.keys(manifest).filter((name) => /^src\/pages\//.test(name));

describe('the portal as it is built', () => {
  it('knows every text by its number, and none by its digest', () => {
    const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'));
    const written = scripts.map((name) => readFileSync(join(folder, 'assets', name), 'utf8'));
    expect(written.filter((code) => /\bid:[`"'][\w+/-]{6}[`"']/.test(code))).toEqual([]);
    expect(written.some((code) => /\bid:[`"']~\w+[`"']/.test(code))).toBe(true);
  });

  it('runs and shows nothing that stands in its page itself, which its policy would refuse', () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=|javascript:/i);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('has what is sent of its texts beside them, and nothing that the gateway does not know', () => {
    const served = readPortalFiles(folder);
    for (const [path, { variants }] of served) {
      const { bytes } = variants.get('identity') ?? { bytes: 0 };
      if (/\.(?:js|css)$/.test(path) && bytes > 2_000) expect([path, variants.has('br')]).toEqual([path, true]);
    }
    const unknown = readdirSync(join(folder, 'assets')).filter(
      (name) => !/\.(?:br|gz|map)$/.test(name) && !served.has(`/assets/${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('is there in 150 kB for who is not signed in', () => {
    expect(kilobytes(filesOf(largest('first'), filesOfAll()))).toBeLessThanOrEqual(150);
  });

  it.each(pages)('is there in 200 kB at the first page: %s', (name) => {
    const files = filesOf(name, filesOfAll());
    const areas = Object.entries(textAreas).filter(([, itsPages]) => itsPages.test(`/${name}`));
    for (const part of ['first', 'rest', ...areas.map(([area]) => area)]) filesOf(largest(part), files);
    expect(kilobytes(files)).toBeLessThanOrEqual(200);
  });
});
