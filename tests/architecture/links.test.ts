import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';

const notOurs = ['node_modules', 'dist', 'target', '.cabinet', '.git', 'templates'];
const pages = globSync('**/*.md', { cwd: workTree, exclude: (path) => notOurs.includes(basename(path)) }).sort();
const tops = globSync('*/', { cwd: workTree }).map((folder) => basename(folder));

/** The prose of a page: blocks of code hold commands and pictures, no links. */
const proseOf = (file: string) => readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** Where a page can be entered: each heading as GitHub makes an address of it. */
const anchorsOf = (file: string) =>
  [...proseOf(file).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

/** A path that is written as code: from the root, or from the folder of the page; `src/` of no folder is any service's. */
function isThere(page: string, path: string): boolean {
  const ofPage = existsSync(join(dirname(page), 'src')) ? dirname(page) : join(workTree, 'services/*');
  return globSync([join(workTree, path), join(ofPage, path)]).length > 0;
}

describe.each(pages)('%s', (name) => {
  const page = join(workTree, name);
  const text = proseOf(page);

  it('has no link into nothing', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const inside = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(inside.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it('names no file of ours that is not there', () => {
    const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
    const begins = new RegExp(`^(?:${[...tops, 'src', 'test'].join('|')})/[\\w./*-]*$`);
    expect(spans.filter((span) => begins.test(span) && !isThere(page, span))).toEqual([]);
  });
});

it('reads every page', () => {
  expect(pages).toContain('README.md');
});
