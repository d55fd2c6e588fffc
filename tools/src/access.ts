import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '@cabinet/access/policy';
import type { OpenApi } from '@cabinet/kit/http/operations';
import { workTree } from '../../dev/cache.mjs';
import { committedSpecification } from './contracts.ts';
import type { RolesOf } from './specification.ts';
import { readIfThere } from './stamp.ts';
import { servicesWithControllers } from './workspaces.ts';

// The table is read once it has been compiled, and not before.
const readPolicy = async (): Promise<Policy> => (await import('@cabinet/access/table')).policy;

export async function accessRoles(): Promise<RolesOf> {
  const policy = await readPolicy();
  return (asked) => policy.find(asked)?.roles.slice();
}

export const accessResources = async (): Promise<object> => (await readPolicy()).resources;

export const readCommitted = (service: string): OpenApi =>
  JSON.parse(readFileSync(committedSpecification(service), 'utf8'));

/** The table as a page of the documentation. */
export async function accessPage(): Promise<{ file: string; text: string; isStale: boolean }> {
  const { pageOf } = await import('@cabinet/access/page');
  const [file, text] = ['docs/access-table.md', pageOf(await readPolicy())];
  return { file, text, isStale: readIfThere(join(workTree, file)) !== text };
}

/** A line for each operation or property of a service that the table does not know. */
export async function accessProblems(specificationOf = readCommitted): Promise<string[]> {
  const policy = await readPolicy();
  const { readDeclared } = await import('@cabinet/access/declared');
  return servicesWithControllers().flatMap((service) => {
    const { problems } = readDeclared(specificationOf(service), policy);
    return problems.map((problem) => `services/${service}/openapi.json: ${problem}`);
  });
}
