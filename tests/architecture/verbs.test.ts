import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { groups } from '../../dev/verbs.mjs';

const verbs = Object.values(groups).flatMap((group) => Object.keys(group));

it('every verb of package.json says what it does, and there is none besides', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Object.keys(scripts).sort()).toEqual([...verbs].sort());
});

it('all of them are described on one page, to which the first pages lead', () => {
  const page = readFileSync('docs/verbs.md', 'utf8');
  const missing = verbs.filter(
    (name) => !page.includes(`\`npm ${['start', 'test'].includes(name) ? '' : 'run '}${name}\``),
  );
  expect(missing).toEqual([]);
  for (const first of ['README.md', 'CONTRIBUTING.md'])
    expect(readFileSync(first, 'utf8')).toContain('(docs/verbs.md)');
});
