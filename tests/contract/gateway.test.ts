import { describe, expect, it } from 'vitest';
import { routeTable } from '../../gateway/dist/route-table.js';
import { isPublic, RouteTable, upstreamPath } from '../../gateway/dist/routes.js';
import { operations } from '../support/operations.ts';

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
