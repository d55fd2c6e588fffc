import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { Problem } from '../../dev/src/problem.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import type { Progress } from '../../dev/src/progress.ts';
import { accessPage, accessRoles } from './access.ts';
import { compile, packagesBelow } from './build.ts';
import { committedSpecification, errorCodesOf, generateContracts } from './contracts.ts';
import { generateControllers, generatedSpecification } from './controllers.ts';
import { writeDerivations } from './derive.ts';
import { accessTable } from './derived-access.ts';
import { completeSpecification } from './specification.ts';
import { readIfThere } from './stamp.ts';
import { servicesWithControllers } from './workspaces.ts';

/** Writes what is derived from every process.json, the openapi.json of these services, or of all, from their controllers, and the contracts from all. */
export async function generateSpecifications(progress: Progress, named: string[]): Promise<void> {
  const services = servicesWithControllers().filter((service) => named.length === 0 || named.includes(service));
  const unknown = named.filter((name) => !services.includes(name));
  if (unknown.length > 0) throw new Problem(`no service with controllers is called ${unknown.join(', ')}.`);
  await progress.step('generate', async (note) => {
    note('packages');
    writeAccessTable();
    await compile(...packagesBelow());
    await generateControllers(note, services);
    const stale = await staleSpecifications(services);
    const written = writeDerivations(undefined, new Map(stale.map(({ service, text }) => [service, text])));
    const page = await accessPage();
    if (page.isStale) written.push(page.file);
    writeWhole(join(workTree, page.file), page.text);
    for (const { file, text } of stale) writeWhole(file, text);
    await generateContracts();
    written.push(...stale.map(({ file }) => relative(workTree, file)));
    return written.length > 0 ? `wrote ${written.join(', ')}` : 'nothing changed';
  });
}

/** Before anything is compiled: what operations say of access is looked up in it. */
function writeAccessTable(): void {
  for (const [file, text] of Object.entries(accessTable(readProcesses()))) {
    if (readIfThere(join(workTree, file)) !== text) writeWhole(join(workTree, file), text);
  }
}

/** The services whose committed specification is not what their controllers say, with what it should be. */
export async function staleSpecifications(
  services: string[] = servicesWithControllers(),
): Promise<{ service: string; file: string; text: string }[]> {
  const generated = services.filter((service) => existsSync(generatedSpecification(service)));
  const rolesOf = await accessRoles();
  const all = await Promise.all(
    generated.map(async (service) => {
      const specification = readFileSync(generatedSpecification(service), 'utf8');
      const text = completeSpecification(service, specification, await errorCodesOf(service), rolesOf);
      return { service, file: committedSpecification(service), text };
    }),
  );
  return all.filter(({ file, text }) => readIfThere(file) !== text);
}
