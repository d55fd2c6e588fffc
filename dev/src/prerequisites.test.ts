import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagesAreInstalled } from '../prerequisites.mjs';
import { temporaryFolder } from './testing.ts';

type Packages = Record<string, { version?: string; optional?: boolean }>;

function workTree(wanted: Packages, installed?: Packages): string {
  const root = temporaryFolder();
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': { version: '1' }, ...wanted } }));
  if (installed) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return root;
}

const a = { 'node_modules/a': { version: '1.0.0' } };

it('knows packages that are installed as the lock says', () => {
  expect(packagesAreInstalled(workTree(a, a))).toBe(true);
});

it('misses them when nothing is installed, or an install was cut short', () => {
  expect(packagesAreInstalled(workTree(a))).toBe(false);
});

it('misses a package that is new or has another version', () => {
  expect(packagesAreInstalled(workTree(a, {}))).toBe(false);
  expect(packagesAreInstalled(workTree(a, { 'node_modules/a': { version: '1.0.1' } }))).toBe(false);
});

it('does without a package that is for other systems only', () => {
  expect(packagesAreInstalled(workTree({ ...a, 'node_modules/win': { version: '1.0.0', optional: true } }, a))).toBe(
    true,
  );
});
