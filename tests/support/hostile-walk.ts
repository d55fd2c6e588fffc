import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from './http.ts';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
}

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
}

interface Operation {
  id: string;
  method: string;
  path: string;
  query: Parameter[];
  /** Names of the fields of its body. */
  fields: string[];
}

export interface HostileWalk {
  service: string;
  /** Somebody who may ask for most, and things there for them to find. */
  start(): Promise<{ call: Caller; stop(): Promise<void> }>;
  /** What lists want besides, by `operationId`; filled by `start`. */
  given: Record<
    string,
    {
      params?: Record<string, string>;
      query?: Record<string, string>;
      body?: object;
      /** Parameters that count for nothing beside that query. */
      overruled?: string[];
      /** Who asks, when that is somebody else. */
      call?: Caller;
    }
  >;
}

/** What would be more than a text to a database that took it for a part of the question. */
const operators = [
  "' or '1'='1",
  "'; select pg_sleep(5); --",
  "\\' or 1=1 --",
  '" or ""="',
  '%',
  '_%',
  '.*',
  '$ne',
  '{"$ne":null}',
  '{"$where":"sleep(5000)"}',
  '$(id)',
];
const objects = [{ $ne: null }, { $gt: '' }, { $where: 'sleep(5000)' }, ['x', { $regex: '.*' }]];

const idsOf = ({ body }: Answer): string[] =>
  (body?.items ?? []).map((item: { id?: string }) => item.id ?? JSON.stringify(item));

/**
 * Puts operators of databases in every parameter and every field of a service's operations: none is answered 500, none finds
 * anything that the text does not, and none finds more than is found without it.
 */
export function walkHostile({ service, start, given }: HostileWalk): void {
  let call: Caller;
  beforeAll(async () => {
    const started = await start();
    call = started.call;
    return () => started.stop();
  });

  const ask = ({ id, method, path }: Operation, query: Record<string, string>, body?: object) => {
    const its = given[id];
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name) => its?.params?.[name] ?? crypto.randomUUID());
    const all = new URLSearchParams({ ...its?.query, ...query });
    return (its?.call ?? call)(method, `${address}?${all}`, body, { 'if-match': '"v1"' });
  };

  const operations = operationsOf(service);

  describe.each(operations.filter(({ method, query }) => method === 'GET' && query.length > 0))(
    '$method $path',
    (operation) => {
      it.each(operation.query)('takes no operator in $name', async ({ name }) => {
        const without = await ask(operation, {});
        expect([operation.id, without.status]).toEqual([operation.id, 200]);
        for (const operator of operators) {
          const answer = await ask(operation, { [name]: operator });
          expect([200, 422], `${operator}: ${answer.status} ${answer.body?.code}`).toContain(answer.status);
          const known = new Set(given[operation.id]?.overruled?.includes(name) ? idsOf(without) : []);
          expect([operator, idsOf(answer).filter((id) => !known.has(id))]).toEqual([operator, []]);
        }
        // What some readers take for an object.
        for (const key of [`${name}[$ne]`, `${name}[]`, `${name}.$gt`, '$where']) {
          const answer = await ask(operation, { [key]: '1' });
          expect([200, 422], `${key}: ${answer.status}`).toContain(answer.status);
          const known = new Set(idsOf(without));
          expect([key, idsOf(answer).filter((id) => !known.has(id))]).toEqual([key, []]);
        }
      });
    },
  );

  it.each(operations.flatMap((operation) => operation.query.map(({ name }) => ({ ...operation, name }))))(
    'is taken once in each operation: $method $path $name',
    async ({ name, method, path }) => {
      const address = path.replaceAll(/\{\w+\}/g, () => crypto.randomUUID());
      const { status, body } = await call(method, `${address}?${name}=a&${name}=a`);
      expect([status, body.code, body.fields.map((field: { path: string }) => field.path)]).toEqual([
        422,
        'REQUEST.REPEATED_PARAMETER',
        [name],
      ]);
    },
  );

  it.each(operations.filter(({ path }) => path.includes('{')))(
    '$method $path takes no operator for an id',
    async ({ method, path }) => {
      for (const operator of operators) {
        const answer = await call(method, path.replaceAll(/\{\w+\}/g, encodeURIComponent(operator)), undefined, {
          'if-match': '"v1"',
        });
        expect(answer.status, operator).toBeGreaterThanOrEqual(400);
        expect(answer.status, operator).toBeLessThan(500);
      }
    },
  );

  // Those that search come first: what others write has operators for names, and is found by them as by any text.
  const isSearch = ({ path }: Operation) => path.endsWith('/search');
  const withBody = operations.filter(({ fields }) => fields.length > 0);
  describe.each([...withBody.filter(isSearch), ...withBody.filter((each) => !isSearch(each))])(
    '$method $path',
    (operation) => {
      it.each(operation.fields)('takes no operator in %s', async (field) => {
        for (const object of objects) {
          const answer = await ask(operation, {}, { ...given[operation.id]?.body, [field]: object });
          const told = `${JSON.stringify(object)}: ${answer.status} ${answer.body?.code}`;
          expect(answer.status, told).toBeGreaterThanOrEqual(400);
          expect(answer.status, told).toBeLessThan(500);
        }
        for (const operator of operators) {
          const answer = await ask(operation, {}, { ...given[operation.id]?.body, [field]: operator });
          expect(answer.status, `${operator}: ${answer.status} ${answer.body?.code}`).toBeLessThan(500);
          expect(idsOf(answer)).toEqual([]);
        }
      });
    },
  );
}

function operationsOf(service: string): Operation[] {
  const file = join(import.meta.dirname, '../../services', service, 'openapi.json');
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string;
          parameters?: Parameter[];
          requestBody?: { content: Record<string, { schema?: Schema }> };
        }
      >
    >;
    components: { schemas: Record<string, Schema> };
  };
  const fieldsOf = (schema: Schema = {}): string[] => {
    const named = schema.$ref ? components.schemas[schema.$ref.split('/').at(-1) as string] : schema;
    return Object.keys(named?.properties ?? {});
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      query: parameters.filter((each) => each.in === 'query'),
      fields: fieldsOf(requestBody?.content['application/json']?.schema),
    })),
  );
}
