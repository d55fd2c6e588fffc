import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../services');

interface Schema {
  $ref?: string;
  description?: string;
  example?: unknown;
  [rule: string]: unknown;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: object;
  responses: Record<string, unknown>;
}

/** Each operation of all services, with its parameters as they are checked. */
const operations = readdirSync(root).flatMap((service) => {
  const { paths, components } = JSON.parse(readFileSync(join(root, service, 'openapi.json'), 'utf8'));
  const rulesOf = ({ $ref, ...schema }: Schema): object => {
    const {
      description: _,
      example: __,
      ...rules
    }: Schema = $ref ? components.schemas[$ref.split('/').at(-1) as string] : schema;
    return rules;
  };
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      hasBody: requestBody !== undefined,
      errors: Object.keys(responses).filter((status) => Number(status) >= 400),
      parameters: parameters.map((each) => ({
        ...each,
        name: each.in === 'header' ? each.name.toLowerCase() : each.name,
        rules: JSON.stringify(rulesOf(each.schema)),
      })),
    })),
  );
});

/** What differs for a reason: slots are computed and short, and words that are listed are those of their own thing. */
const ofTheirOwn: Record<string, string[]> = {
  limit: ['GET /api/slots'],
  status: ['GET /api/waiting-list'],
  reason: ['DELETE /api/practitioners/{id}'],
};

describe('parameters of one name', () => {
  const all = operations.flatMap(({ name: operation, parameters }) =>
    parameters.map((parameter) => ({ operation, ...parameter })),
  );
  const named = [...Map.groupBy(all, ({ in: place, name }) => `${place} ${name}`)];

  it.each(named)('have one form and the same bounds: %s', (_, alike) => {
    const compared = alike.filter(({ name, operation }) => !ofTheirOwn[name]?.includes(operation));
    const forms = Map.groupBy(compared, ({ rules }) => rules);
    const said = Object.fromEntries([...forms].map(([rules, each]) => [rules, each.map(({ operation }) => operation)]));
    expect(Object.keys(said), JSON.stringify(said, null, 2)).toHaveLength(compared.length > 0 ? 1 : 0);
  });

  it('name exceptions that there are', () => {
    for (const [name, exceptions] of Object.entries(ofTheirOwn)) {
      for (const operation of exceptions) {
        expect(all.filter((each) => each.name === name && each.operation === operation)).toHaveLength(1);
      }
    }
  });

  it('are written alike: an id is the name of the thing and Id, and nothing goes by two names', () => {
    const names = new Set(all.filter(({ in: place }) => place !== 'header').map(({ name }) => name));
    expect([...names].filter((name) => !/^[a-z]+([A-Z][a-z]+)*$/.test(name))).toEqual([]);
    const twins = [
      ['typeId', 'appointmentTypeId'],
      ['until', 'to'],
      ['since', 'from'],
      ['max', 'limit'],
      ['page', 'cursor'],
    ];
    for (const [other, usual] of twins) expect([usual, names.has(other as string)]).toEqual([usual, false]);
  });

  it('come in pages alike: whoever takes a cursor takes a limit', () => {
    const takes = (wanted: string) =>
      operations.filter(({ parameters }) => parameters.some(({ name }) => name === wanted)).map(({ name }) => name);
    expect(takes('cursor')).toEqual(takes('limit'));
  });
});

const takesCondition = (parameters: { name: string }[]) => parameters.some(({ name }) => name === 'if-match');

describe('errors', () => {
  const told = (status: string) => operations.filter(({ errors }) => errors.includes(status)).map(({ name }) => name);

  it.each([
    ['422', ({ parameters, hasBody }) => hasBody || parameters.some((each) => each.in !== 'header')],
    ['404', ({ path }) => path.includes('{')],
    ['409', ({ method, parameters }) => method === 'post' && takesCondition(parameters)],
    ['412', ({ parameters }) => takesCondition(parameters)],
    ['413', ({ hasBody }) => hasBody],
    ['429', () => true],
    ['500', () => true],
    ['503', () => true],
  ] as [string, (operation: (typeof operations)[number]) => boolean][])(
    '%s is told by all that may answer it',
    (status, may) => {
      const silent = operations.filter(may).map(({ name }) => name);
      expect(silent.filter((name) => !told(status).includes(name))).toEqual([]);
    },
  );

  it('412 is told only by those that take a condition', () => {
    const others = operations.filter(({ parameters }) => !takesCondition(parameters)).map(({ name }) => name);
    expect(told('412').filter((name) => others.includes(name))).toEqual([]);
  });
});
