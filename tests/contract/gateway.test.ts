import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routeTable } from '../../gateway/dist/route-table.js';
import { isPublic, RouteTable, upstreamPath } from '../../gateway/dist/routes.js';

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

const operations = globSync('services/*/openapi.json', { cwd: root })
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

const table = new RouteTable(routeTable);

describe('every operation of every service', () => {
  const asked = operations.flatMap((operation) =>
    operation.names.map((name) => {
      const path = operation.path.replace(operation.prefix, name);
      return { ...operation, asked: path, what: `${operation.method} ${path}`, route: table.find(path) };
    }),
  );
  const those = (isWrong: (each: (typeof asked)[number]) => unknown) => asked.filter(isWrong).map(({ what }) => what);

  it('is routed to its service by the gateway, under every name', () => {
    expect(asked.length).toBeGreaterThan(operations.length);
    expect(
      those(({ route, service, asked, path }) => route?.service !== service || upstreamPath(route, asked) !== path),
    ).toEqual([]);
  });

  it('needs no token at the gateway when it needs none at the service, and else one', () => {
    expect(those(({ roles }) => !roles).length).toBeGreaterThan(0);
    expect(those(({ route, method, asked, roles }) => route && isPublic(route, method, asked) !== !roles)).toEqual([]);
    // Whoever may read it may ask for its head alone.
    expect(
      those(
        ({ route, method, asked, roles }) => route && method === 'GET' && isPublic(route, 'HEAD', asked) !== !roles,
      ),
    ).toEqual([]);
  });

  it('is refused by the gateway to nobody whom the service would let in', () => {
    const people = new Set(operations.flatMap(({ roles = [] }) => roles).filter((role) => role !== 'service'));
    expect(people.size).toBeGreaterThan(1);
    const refused = asked.flatMap(({ route, roles, what }) =>
      (roles?.length === 0 ? [...people] : (roles ?? []))
        .filter((role) => people.has(role) && route?.roles?.every((each) => each !== role))
        .map((role) => `${what} to ${role}`),
    );
    expect(refused).toEqual([]);
    // And some are refused there, before any service is asked.
    expect(table.routes.some(({ roles }) => roles)).toBe(true);
  });
});
