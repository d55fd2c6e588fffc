import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { hashOf, readIfThere } from './stamp.ts';
import { runNode } from './tool.ts';
import { serviceFolder, servicesWithControllers } from './workspaces.ts';

const generated = 'src/api/generated';

/** The specification that tsoa wrote last for a service. */
export function generatedSpecification(service: string): string {
  return join(serviceFolder(service), generated, 'openapi.json');
}

/** Writes routes and specification of every service whose source, or the packages' types, changed since they were written. */
export async function generateControllers(
  note: (text: string) => void,
  services: string[] = servicesWithControllers(),
): Promise<void> {
  const packages = hashOf(workTree, [
    'packages/!(contracts)/dist/**/*.d.ts',
    'tools/src/tsoa-worker.ts',
    'tsconfig.base.json',
  ]);
  const stale = services
    .map((service) => ({ service, stamp: `${packages} ${sourceHash(service)}`, file: stampFile(service) }))
    .filter(({ stamp, file }) => readIfThere(file) !== stamp);
  if (stale.length === 0) return;
  note(`routes of ${stale.map(({ service }) => service).join(', ')}`);
  // Two at a time: each needs a core and 300 MB.
  const queue = stale.values();
  const work = async () => {
    for (const { service, stamp, file } of queue) {
      const worker = join(import.meta.dirname, 'tsoa-worker.ts');
      await runNode([worker], `the controllers of ${service} cannot be read`, serviceFolder(service));
      writeWhole(file, stamp);
    }
  };
  // When one fails its folder may be removed: the other is waited for first.
  const failed = (await Promise.allSettled([work(), work()])).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

function stampFile(service: string): string {
  return join(serviceFolder(service), generated, '.stamp');
}

function sourceHash(service: string): string {
  const isGenerated = (path: string) => path.startsWith(generated) || path.endsWith('.test.ts');
  return hashOf(serviceFolder(service), ['tsoa.json', 'package.json', 'src/**/*.ts'], isGenerated);
}
