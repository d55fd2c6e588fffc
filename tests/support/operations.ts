import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

interface Operation {
  service: string;
  method: string;
  /** As somebody would ask for it. */
  path: string;
  /** Whom the service lets in; absent: everybody. */
  roles?: string[];
  /** The prefix of its path, and the other names of it. */
  prefix: string;
  names: string[];
}

/** Every operation of every service, as their openapi.json and process.json say. */
export const operations: Operation[] = globSync('services/*/openapi.json', { cwd: root })
  .map(dirname)
  .flatMap((folder) => {
    const { routes } = read(`${folder}/process.json`) as { routes: { prefix: string; aliases?: string[] }[] };
    const { paths } = read(`${folder}/openapi.json`) as {
      paths: Record<string, Record<string, { security: Record<string, string[]>[] }>>;
    };
    return Object.entries(paths).flatMap(([template, methods]) => {
      const path = template.replaceAll(/\{\w+\}/g, '0190a000-0000-7000-8000-00000000000a');
      const { prefix = '', aliases = [] } = routes.find((route) => `${path}/`.startsWith(`${route.prefix}/`)) ?? {};
      return Object.entries(methods).map(([method, { security }]): Operation => {
        const roles = security.find(({ bearer }) => bearer)?.bearer;
        const service = folder.replace('services/', '');
        return { service, method: method.toUpperCase(), path, roles, prefix, names: [prefix, ...aliases] };
      });
    });
  });
