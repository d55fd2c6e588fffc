import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { startPlatform } from '../../dev/src/background.ts';
import { Home } from '../../dev/src/home.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { processesWith } from '../../dev/src/processes.ts';
import { Progress } from '../../dev/src/progress.ts';
import { backUp } from '../src/backup.ts';
import { readManifest } from '../src/manifest.ts';

// Of the servers alone: databases are copied whether their services run or not.
const home = new Home(join(workTree, '.cabinet/tests', `operations-${process.pid}`));
const backups = mkdtempSync(join(tmpdir(), 'cabinet-backups-'));
const progress = new Progress(() => undefined);
let platform: Platform;

beforeAll(async () => {
  const options = { serversOnly: true, only: ['patient'], build: false, seed: false };
  platform = await startPlatform({ ...options, ports: 'free', home: home.folder });
}, 180_000);

afterAll(async () => {
  await platform?.down();
  for (const folder of [home.folder, backups]) rmSync(folder, { recursive: true, force: true });
});

it('holds the database of every service, also of those that were not started', async () => {
  const { copies } = readManifest(await backUp(platform, progress, join(backups, 'all')));
  const copied = (kind: string) => copies.filter((copy) => copy.kind === kind).map(({ service }) => service);
  expect([copied('postgres'), copied('mongodb')]).toEqual([processesWith('postgres'), processesWith('mongodb')]);
});

it('is not made while a database cannot be copied, which it names', async () => {
  await platform.stopProcess('mongodb');
  const made = backUp(platform, progress, join(backups, 'without records'));
  await expect(made).rejects.toThrow(/^no backup is made, since record cannot be copied: /);
  expect(() => readManifest(join(backups, 'without records'))).toThrow('no backup');
  await platform.startProcess('mongodb');
});
