import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { compressTexts } from './compress.ts';

it('texts that are served get their compressed forms beside them, where these are smaller', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-compress-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  const text = 'bonjour '.repeat(1_000);
  writeFileSync(join(folder, 'assets/index.js'), text);
  writeFileSync(join(folder, 'assets/small.css'), 'p{}');
  writeFileSync(join(folder, 'assets/picture.png'), text);
  await compressTexts(folder);
  expect(readdirSync(join(folder, 'assets')).sort()).toEqual([
    'index.js',
    'index.js.br',
    'index.js.gz',
    'picture.png',
    'small.css',
  ]);
  expect(brotliDecompressSync(readFileSync(join(folder, 'assets/index.js.br'))).toString()).toBe(text);
  expect(gunzipSync(readFileSync(join(folder, 'assets/index.js.gz'))).toString()).toBe(text);
});
