import { globSync } from 'node:fs';
import { workTree } from '../../dev/cache.mjs';
import type { Progress } from '../../dev/src/progress.ts';
import { generateContracts } from './contracts.ts';
import { generateControllers } from './controllers.ts';
import { buildPortal } from './portal.ts';
import { runNode } from './tool.ts';

/**
 * Compiles what changed, in the order in which one thing needs another: the kit, each service's routes (from its
 * controllers, which use the kit's types), the contracts (from the committed openapi.json files), and all the rest.
 */
export async function buildAll(progress: Progress): Promise<void> {
  await progress.step('build', async (note) => {
    note('packages');
    await compile(...packagesBelow());
    await generateControllers(note);
    note('contracts');
    await generateContracts();
    note('everything');
    await compile('tsconfig.json');
    note('portal');
    await buildPortal();
  });
}

/** What services are made of, before their controllers are read; the contracts are generated from those. */
export const packagesBelow = () =>
  globSync('packages/*/tsconfig.json', { cwd: workTree }).filter((file) => !file.includes('/contracts/'));

export const buildPackages = (): Promise<void> => compile(...packagesBelow());

export async function compile(...projects: string[]): Promise<void> {
  await runNode(
    ['node_modules/typescript-native/bin/tsc', '-b', ...projects, '--pretty', 'false'],
    'it does not compile',
  );
}
