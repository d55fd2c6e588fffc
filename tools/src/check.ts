import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { messageOf, Problem } from '../../dev/src/problem.ts';
import { seconds } from '../../dev/src/progress.ts';
import { accessPage, accessProblems } from './access.ts';
import { staleDerivations } from './derive.ts';
import { staleSpecifications } from './gen.ts';
import { requireWholeLanguages } from './languages.ts';
import { runNode } from './tool.ts';

interface Check {
  name: string;
  /** What to do when it fails. */
  remedy: string;
  run(): Promise<unknown>;
}

const bin = (path: string) => join(workTree, 'node_modules', path);

const checks: Check[] = [
  {
    name: 'types',
    remedy: 'mend what the compiler says',
    // What is compiled was checked by the build; this is what runs straight from its source.
    run: () =>
      Promise.all(['dev', 'operations', 'tools', 'tests', 'bench', 'portal', 'tsconfig.test.json'].map(typesOf)),
  },
  {
    name: 'format and lint',
    remedy: 'npx biome check --write mends most of it',
    run: () => tool([bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--no-errors-on-unmatched', '.']),
  },
  {
    name: 'import rules',
    remedy: 'the rules and their reasons stand in .dependency-cruiser.cjs',
    run: () =>
      tool([bin('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs', ...cruised]),
  },
  {
    name: 'dead exports',
    remedy: 'remove what nobody uses, or say in knip.json who does',
    run: () => tool([bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints']),
  },
  {
    name: 'process.json',
    remedy: 'npm run gen writes anew what is derived from it; commit the result',
    run: requireFreshDerivations,
  },
  {
    name: 'access table',
    remedy: 'the rules stand in packages/access/src/rules; npm run gen writes docs/access-table.md',
    run: requireKnownAccess,
  },
  {
    name: 'languages',
    remedy: 'the texts have been written into portal/src/languages; say there what they are in each language',
    run: requireWholeLanguages,
  },
  { name: 'openapi.json', remedy: 'npm run gen writes them anew; commit the result', run: requireFreshSpecifications },
];

const cruised = [
  'services',
  'gateway',
  'registry',
  'portal',
  'packages',
  'dev',
  'operations',
  'tools',
  'tests',
  'bench',
];

/** Runs every check on what is built, two at a time, with a line each; resolves to the names of those that failed. */
export async function runChecks(): Promise<string[]> {
  const failed: string[] = [];
  const queue = checks.values();
  const work = async () => {
    for (const { name, remedy, run } of queue) {
      const began = performance.now();
      const failure = await run().then(
        () => undefined,
        (error) => messageOf(error),
      );
      const time = seconds(performance.now() - began);
      if (failure === undefined) {
        console.log(`  ✓ ${name} (${time})`);
        continue;
      }
      failed.push(name);
      console.log(`  ✗ ${name} (${time})\n${excerpt(failure).replace(/^/gm, '      ')}\n    → ${remedy}`);
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

const linesMax = 60;

function excerpt(text: string): string {
  const lines = text.split('\n');
  const rest = lines.length - linesMax;
  return rest <= 0 ? text : [...lines.slice(0, linesMax), `(and ${rest} lines more)`].join('\n');
}

function typesOf(folder: string): Promise<string> {
  return tool([bin('typescript-native/bin/tsc'), '-p', folder, '--pretty', 'false']);
}

function tool(args: string[]): Promise<string> {
  return runNode(args, 'it says');
}

async function requireFreshDerivations(): Promise<void> {
  const stale = [...staleDerivations().keys()];
  if (stale.length > 0) throw new Problem(`not what the declarations say: ${stale.join(', ')}`);
}

async function requireKnownAccess(): Promise<void> {
  const { file, isStale } = await accessPage();
  const problems = [...(await accessProblems()), ...(isStale ? [`not what the rules say: ${file}`] : [])];
  if (problems.length > 0) throw new Problem(problems.join('\n'));
}

async function requireFreshSpecifications(): Promise<void> {
  const stale = await staleSpecifications();
  if (stale.length === 0) return;
  const names = stale.map(({ service }) => `services/${service}/openapi.json`).join(', ');
  throw new Problem(`not what the controllers say: ${names}`);
}
