import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { compressTexts } from './compress.ts';
import { hashOf, readIfThere } from './stamp.ts';
import { runNode } from './tool.ts';

const folder = join(workTree, 'portal');
const stamp = join(folder, 'dist/.made-of');

/** Writes the portal's files, and what of them is sent compressed, into `portal/dist`, unless nothing that they are made of has changed. */
export async function buildPortal(): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  const madeOf = hashOf(workTree, [
    'portal/{index.html,outage.html,package.json,*.ts}',
    'portal/{src,public}/**/*.*',
    'package-lock.json',
    'tools/src/{portal,compress}.ts',
  ]);
  if (readIfThere(stamp) === madeOf) return;
  await runNode(
    [join(workTree, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    'the portal does not build',
    folder,
  );
  await compressTexts(join(folder, 'dist'));
  writeFileSync(stamp, madeOf);
}
