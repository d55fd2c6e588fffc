import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeOnce } from './make-once.ts';
import { temporaryFolder } from './testing.ts';

const quiet = () => undefined;

it('makes a thing once, also when two want it at the same time', async () => {
  const target = join(temporaryFolder(), 'bin/thing');
  let made = 0;
  const make = async (part: string) => {
    made += 1;
    writeFileSync(part, 'whole');
  };
  await Promise.all([makeOnce(target, quiet, make), makeOnce(target, quiet, make)]);
  expect(made).toBe(1);
  expect(readFileSync(target, 'utf8')).toBe('whole');
});

it('leaves nothing that counts when making fails half way, and makes it anew the next time', async () => {
  const folder = temporaryFolder();
  const target = join(folder, 'thing');
  const failing = async (part: string) => {
    mkdirSync(part);
    writeFileSync(join(part, 'half'), '');
    throw new Error('the connection broke');
  };
  await expect(makeOnce(target, quiet, failing)).rejects.toThrow('the connection broke');
  expect(existsSync(target)).toBe(false);

  await makeOnce(target, quiet, async (part) => {
    expect(existsSync(part)).toBe(false);
    mkdirSync(part);
  });
  expect(readdirSync(folder)).toEqual(['thing']);
  expect(readdirSync(target)).toEqual([]);
});
