import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Progress, ProgressDisplay } from '../../dev/src/progress.ts';
import { buildImages } from '../../tools/src/images.ts';
import bringServers from './servers.setup.ts';

/** Brings a Docker engine, the base image and real databases, and builds all images once for the tests that start them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(join(import.meta.dirname, 'base-image.sh'), { stdio: 'inherit' });
  await buildImages(new Progress(new ProgressDisplay().show));
  return bringServers(project);
}
