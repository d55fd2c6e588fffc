import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProcesses } from '../../dev/src/processes.ts';

const root = join(import.meta.dirname, '../..');
const parts = mkdtempSync(join(tmpdir(), 'cabinet-images-'));

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/images/assemble.ts'), parts]);
}, 120_000);
afterAll(() => rmSync(parts, { recursive: true, force: true }));

describe('what goes into the image of a process', () => {
  it.each(readProcesses().map(({ name, folder, kind }) => [name, folder, kind]))(
    'is all that %s loads at its start',
    (name, folder, kind) => {
      const image = join(parts, 'image');
      rmSync(image, { recursive: true, force: true });
      const layers = ['shared', ...(kind === 'service' ? ['service'] : []), name];
      for (const layer of layers) cpSync(join(parts, layer), image, { recursive: true, verbatimSymlinks: true });
      const start = join(image, 'cabinet', folder, 'dist/app.js');
      expect(existsSync(start)).toBe(true);
      const { status, stderr } = spawnSync(process.execPath, ['-e', `await import(${JSON.stringify(start)})`], {
        env: {},
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    },
    60_000,
  );
});
