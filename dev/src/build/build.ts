import type { Progress } from '../progress.ts';
import { generateContracts } from './contracts.ts';
import { generateControllers } from './controllers.ts';
import { runNode } from './tool.ts';

/**
 * Compiles what changed, in the order in which one thing needs another: the kit, each service's routes (from its
 * controllers, which use the kit's types), the contracts (from the committed openapi.json files), and all the rest.
 */
export async function buildAll(progress: Progress): Promise<void> {
  await progress.step('build', async (note) => {
    note('packages/kit');
    await compile('packages/kit');
    await generateControllers(note);
    note('contracts');
    await generateContracts();
    note('everything');
    await compile('tsconfig.json');
  });
}

export async function compile(project: string): Promise<void> {
  await runNode(['node_modules/typescript-native/bin/tsc', '-b', project, '--pretty', 'false'], 'it does not compile');
}
