import { existsSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';

/** The services with controllers, by name. */
export function servicesWithControllers(): string[] {
  const services = join(workTree, 'services');
  return readdirSync(services)
    .filter((name) => existsSync(join(services, name, 'tsoa.json')))
    .filter((name) => globSync(join(services, name, 'src/api/**/*.controller.ts')).length > 0)
    .sort();
}

export function serviceFolder(name: string): string {
  return join(workTree, 'services', name);
}
