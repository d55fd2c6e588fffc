import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../services');
const services = readdirSync(root);

interface Operation {
  summary?: string;
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  'x-audit-subjects'?: string[] | 'noted';
}

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
}

const specOf = (service: string) => JSON.parse(readFileSync(join(root, service, 'openapi.json'), 'utf8'));

const operationsOf = (service: string): [string, Operation][] =>
  Object.entries<Record<string, Operation>>(specOf(service).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

describe.each(services)('openapi.json of %s', (service) => {
  const operations = operationsOf(service);

  it('describes every operation, in a sentence', () => {
    expect(operations.filter(([, { summary }]) => !summary).map(([name]) => name)).toEqual([]);
  });

  it('says for every operation who may do it: people of which roles, or everybody', () => {
    const isSaid = ({ security }: Operation) =>
      security?.length === 0 || security?.some(({ bearer, ...other }) => bearer?.length || Object.keys(other).length);
    expect(operations.filter(([, operation]) => !isSaid(operation)).map(([name]) => name)).toEqual([]);
  });

  it('names for the audit trail people who stand in the answer', () => {
    const { components } = specOf(service);
    const named = (schema: Schema = {}): Schema =>
      schema.$ref ? named(components.schemas[schema.$ref.split('/').at(-1) ?? '']) : schema;
    const hasAt = (schema: Schema, [name, ...rest]: string[]): boolean => {
      const { properties, items, allOf = [], anyOf = [] } = named(schema);
      if (name === undefined) return true;
      if (items) return hasAt(items, [name, ...rest]);
      const own = properties?.[name];
      return own ? hasAt(own, rest) : [...allOf, ...anyOf].some((each) => hasAt(each, [name, ...rest]));
    };
    const missing = operations.flatMap(([operation, { responses, 'x-audit-subjects': places = [] }]) => {
      const answers = Object.entries(responses).filter(([status]) => status < '300');
      const schemas = answers.flatMap(([, { content = {} }]) => Object.values(content).map(({ schema }) => schema));
      const answered = Array.isArray(places) ? places.filter((place) => place.startsWith('answer.')) : [];
      return answered
        .filter((place) => !schemas.some((schema) => hasAt(schema, place.split('.').slice(1))))
        .map((place) => `${operation} ${place}`);
    });
    expect(missing).toEqual([]);
  });

  it('gives every refusal the one problem body', () => {
    const wrong = operations.flatMap(([name, { responses }]) =>
      Object.entries(responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(([, { content }]) => !content?.['application/problem+json']?.schema.$ref?.endsWith('/Problem'))
        .map(([status]) => `${name} ${status}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names the refusals that every secured operation can meet', () => {
    const secured = operations.filter(([, { security }]) => security?.length);
    const lacking = secured.filter(([, { responses }]) =>
      ['401', '403', '500', '503'].some((status) => !responses[status]),
    );
    expect(lacking.map(([name]) => name)).toEqual([]);
  });

  it('lists its error codes, each with a status and a title', () => {
    const codes = Object.entries<{ status: number; title: string }>(specOf(service)['x-error-codes'] ?? {});
    expect(codes.length).toBeGreaterThan(0);
    for (const [code, { status, title }] of codes) {
      expect(code).toMatch(/^[A-Z][A-Z_]*(\.[A-Z_]+)+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title.length).toBeGreaterThan(5);
    }
  });

  it('bounds every list and every text that a request may have', () => {
    expect(operations.flatMap(([name, { requestBody }]) => unboundedIn(specOf(service), requestBody, name))).toEqual(
      [],
    );
  });

  it('is beside a table of refusals in the code', () => {
    expect(existsSync(join(root, service, 'src/domain/error-codes.ts'))).toBe(true);
  });
});

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  enum?: string[];
}

interface Spec {
  components: { schemas: Record<string, Schema> };
}

/** Where JSON bodies may have a list of any length, or a text. */
function unboundedIn(spec: Spec, requestBody: object | undefined, name: string): string[] {
  const { content = {} } = (requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
  const unbounded = (schema: Schema, path: string): string[] => {
    if (schema.$ref) {
      const meant = spec.components.schemas[schema.$ref.split('/').at(-1) as string] as Schema;
      return path.includes(schema.$ref) ? [] : unbounded(meant, `${path} ${schema.$ref}`);
    }
    const isOpenText =
      schema.type === 'string' && !['maxLength', 'pattern', 'format', 'enum'].some((rule) => rule in schema);
    const isOpenList = schema.type === 'array' && schema.maxItems === undefined;
    return [
      ...(isOpenText || isOpenList ? [path] : []),
      ...(schema.allOf ?? []).flatMap((part) => unbounded(part, path)),
      ...(schema.items ? unbounded(schema.items, `${path}[]`) : []),
      ...Object.entries(schema.properties ?? {}).flatMap(([field, its]) => unbounded(its, `${path}.${field}`)),
    ];
  };
  return 'application/json' in content && !name.includes('/import')
    ? unbounded(content['application/json'].schema, name)
    : [];
}
