import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workTree } from '../../dev/cache.mjs';
import type * as Declared from '../../packages/access/src/declared.ts';
import type * as NotYet from '../../packages/access/src/not-yet.ts';
import type * as Page from '../../packages/access/src/page.ts';
import type { Asked } from '../../packages/access/src/policy.ts';
import type * as Table from '../../packages/access/src/table.ts';
import { committedSpecification } from './contracts.ts';
import type { RolesOf } from './specification.ts';
import { readIfThere } from './stamp.ts';
import { servicesWithControllers } from './workspaces.ts';

export type { Asked };

/** A file of the access table, as it was compiled last. */
const compiled = <T>(name: string): Promise<T> =>
  import(pathToFileURL(join(workTree, `packages/access/dist/${name}.js`)).href);

const readPolicy = async () => (await compiled<typeof Table>('table')).policy;

export async function accessRoles(): Promise<RolesOf> {
  const policy = await readPolicy();
  return (asked) => policy.find(asked)?.roles.slice();
}

export const accessResources = async (): Promise<object> => (await readPolicy()).resources;

/** The table as a page of the documentation. */
export async function accessPage(): Promise<{ file: string; text: string; isStale: boolean }> {
  const { pageOf } = await compiled<typeof Page>('page');
  const [file, text] = ['docs/access-table.md', pageOf(await readPolicy())];
  return { file, text, isStale: readIfThere(join(workTree, file)) !== text };
}

/** A line for each operation or property that the table does not know. */
export async function accessProblems(): Promise<string[]> {
  const policy = await readPolicy();
  const { readDeclared } = await compiled<typeof Declared>('declared');
  const { notYet } = await compiled<typeof NotYet>('not-yet');
  const services = servicesWithControllers().filter((service) => !notYet.has(service));
  return services.flatMap((service) => {
    const openapi = JSON.parse(readFileSync(committedSpecification(service), 'utf8'));
    return readDeclared(openapi, policy).problems.map((problem) => `services/${service}/openapi.json: ${problem}`);
  });
}
