import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';

const page = readFileSync(join(workTree, 'docs/security.md'), 'utf8');

/** How many items of each section of ASVS 5.0.0 are of level 1 or 2; they are the first of the section. */
const itemsOf: Record<string, number> = {
  ...{ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2 },
  ...{ '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1 },
  ...{ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2 },
  ...{ '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4 },
  ...{ '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3 },
  ...{ '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2 },
  ...{ '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1 },
  ...{ '9.1': 3, '9.2': 4 },
  ...{ '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
  ...{ '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1 },
  ...{ '12.1': 3, '12.2': 2, '12.3': 4 },
  ...{ '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5 },
  ...{ '14.1': 2, '14.2': 4, '14.3': 3 },
  ...{ '15.1': 3, '15.2': 3, '15.3': 7 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3 },
  ...{ '17.1': 1, '17.2': 4, '17.3': 2 },
};
const items = Object.entries(itemsOf).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, nth) => `${section}.${nth + 1}`),
);

const states = ['held', 'operator', 'not applicable', 'not yet'];

/** The rows of all tables below a heading, as cells. */
function rowsUnder(heading: string): string[][] {
  const [, below = ''] = page.split(`\n## ${heading}\n`);
  const [text = ''] = below.split('\n## ');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

/** Files that a text names by their path. */
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w./-]+\/[\w./-]+\.\w+)`/g)].map(([, file = '']) => file);

/** What a text quotes behind a file, as `file`: "part of a title", "of another". */
const quotesIn = (text: string): [file: string, title: string][] =>
  [...text.matchAll(/`([^`]+)`:((?:,? "[^"]+")+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']): [string, string] => [file, title]),
  );

/** The titles in a file of tests: texts that a call has in front of all else. */
const titlesIn = (file: string): string[] =>
  [...readFileSync(join(workTree, file), 'utf8').matchAll(/\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1,/g)].map(
    ([, , title = '']) => title,
  );

const isQuotedRightly = ([file, title]: [string, string]): boolean =>
  existsSync(join(workTree, file)) && titlesIn(file).some((whole) => whole.includes(title));

describe('docs/security.md', () => {
  it('names files that exist', () => {
    expect(filesIn(page).length).toBeGreaterThan(100);
    expect(filesIn(page).filter((file) => !existsSync(join(workTree, file)))).toEqual([]);
  });

  it('quotes tests by titles that they have', () => {
    expect(quotesIn(page).length).toBeGreaterThan(100);
    expect(quotesIn(page).filter((quote) => !isQuotedRightly(quote))).toEqual([]);
  });

  it('quotes nothing in a row but behind its file', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    const quoted = (row: string) => row.match(/"[^"]+"/g)?.length ?? 0;
    expect(rows.filter((row) => quoted(row) !== quotesIn(row).length)).toEqual([]);
  });

  it('shows each of the ten risks by a test', () => {
    const risks = rowsUnder('OWASP API Security Top 10 (2023)').filter(([name]) => /^API\d/.test(name ?? ''));
    expect(risks.map(([name = '']) => Number(/^API(\d+)/.exec(name)?.[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(risks.filter(([, , tests = '']) => quotesIn(tests).length === 0)).toEqual([]);
  });

  it('lists every secret that a process declares', () => {
    const declared = globSync('{gateway,registry,services/*}/process.json', { cwd: workTree }).flatMap((file) =>
      Object.keys(JSON.parse(readFileSync(join(workTree, file), 'utf8')).secrets ?? {}),
    );
    const listed = rowsUnder('Keys').map(([key = '']) => key);
    expect(declared).toContain('AUTH_KEY_SECRET');
    expect(declared.filter((name) => !listed.includes(`\`${name}\``))).toEqual([]);
  });

  it('has each item of levels 1 and 2 once', () => {
    expect(items).toHaveLength(253);
    const named = itemRows().flatMap(([numbers = '']) => numbers.split(', '));
    expect(named.sort()).toEqual([...items].sort());
  });

  it('says of each item how it stands, and of what is held where to see it', () => {
    const rows = itemRows();
    expect(rows.filter(([, , state = '']) => !states.includes(state))).toEqual([]);
    const isShown = (how: string) => filesIn(how).length > 0 || /\]\([^)]+\)/.test(how);
    const isSaid = ([, about = '', state, how = '']: string[]) =>
      about !== '' && how !== '' && (state !== 'held' || isShown(how));
    expect(rows.filter((row) => !isSaid(row))).toEqual([]);
  });
});

const itemRows = () => rowsUnder('OWASP ASVS 5.0.0, levels 1 and 2').filter(([first]) => /^\d/.test(first ?? ''));

describe('a title', () => {
  it('that a test does not have, or has no more, is found', () => {
    const own = 'tests/architecture/security-page.test.ts';
    const text = `\`${own}\`: "has each item of levels", "was renamed"; \`tests/nowhere.test.ts\`: "anything"`;
    const [there, ...gone] = quotesIn(text).map(isQuotedRightly);
    expect([there, gone]).toEqual([true, [false, false]]);
  });
});
