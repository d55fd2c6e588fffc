import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Home } from '../../dev/src/home.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress, ProgressDisplay } from '../../dev/src/progress.ts';
import { writeComposeSecrets } from '../../operations/src/compose-secrets.ts';
import { buildImages } from '../../tools/src/images.ts';
import { ComposedPractice, foreignImages } from './compose.ts';
import { bringImages } from './stand-ins.ts';

/** Brings up the compose file for real: our images as they are built, those of others as they are to be had. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(join(import.meta.dirname, 'base-image.sh'), { stdio: 'inherit' });
  const progress = new Progress(new ProgressDisplay().show);
  await buildImages(progress);
  await bringImages(foreignImages);
  writeComposeSecrets(new Home());
  const practice = new ComposedPractice(`cabinet-test-${process.pid}`, await freePort());
  try {
    await progress.step('docker-compose.yml, up', () => practice.up());
  } catch (error) {
    await practice.down();
    throw error;
  }
  const { project: composeProject, gatewayPort } = practice;
  project.provide('compose', { project: composeProject, gatewayPort });
  return () => practice.down();
}

declare module 'vitest' {
  export interface ProvidedContext {
    compose: { project: string; gatewayPort: number };
  }
}
