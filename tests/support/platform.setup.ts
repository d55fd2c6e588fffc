import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { workTree } from '../../dev/cache.mjs';
import { startPlatform } from '../../dev/src/background.ts';
import { removeOldHomes } from '../../dev/src/test-servers.ts';

/** Brings up the whole platform once, in a home of its own and on free ports; `platform.ts` hands it to the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeOldHomes();
  const home = join(workTree, '.cabinet/tests', `platform-${process.pid}`);
  const platform = await startPlatform({ home, ports: 'free', build: false });
  project.provide('platformHome', home);
  return async () => {
    await platform.down();
    rmSync(home, { recursive: true, force: true });
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    platformHome: string;
  }
}
