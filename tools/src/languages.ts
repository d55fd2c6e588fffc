import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { Problem } from '../../dev/src/problem.ts';
import { runNode } from './tool.ts';

const portal = join(workTree, 'portal');
const folder = join(portal, 'src/languages');

const catalogs = (): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** Writes every text of the portal into its catalogs, for translators to complete. Returns the names of those that changed. */
export async function extractTexts(): Promise<string[]> {
  const before = catalogs();
  const lingui = join(workTree, 'node_modules/@lingui/cli/dist/lingui.js');
  await runNode([lingui, 'extract', '--clean'], 'the texts cannot be read', portal);
  return [...catalogs()].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
}

/** @throws Problem when a text is not in the catalogs, or a language lacks one */
export async function requireWholeLanguages(): Promise<void> {
  const stale = await extractTexts();
  const lacking = [...catalogs()].flatMap(([name, text]) => {
    const count = [...text.matchAll(/^msgid "(?!"\n).+\nmsgstr ""$/gm)].length;
    return count > 0 ? [`${name} lacks ${count} texts`] : [];
  });
  const problems = [...stale.map((name) => `${name} was not what the pages say`), ...lacking];
  if (problems.length > 0) throw new Problem(problems.join('\n'));
}
