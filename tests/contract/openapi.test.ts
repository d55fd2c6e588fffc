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
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

const specOf = (service: string) => JSON.parse(readFileSync(join(root, service, 'openapi.json'), 'utf8'));

const operationsOf = (service: string): [string, Operation][] =>
  Object.entries<Record<string, Operation>>(specOf(service).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

/** The only operations that work without a token. */
const publicOperations = [
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'POST /api/auth/logout',
  'GET /.well-known/jwks.json',
  'POST /api/calendars/google/notifications',
  'GET /api/calendars/feeds/{file}',
];

describe.each(services)('openapi.json of %s', (service) => {
  const operations = operationsOf(service);

  it('describes every operation, in a sentence', () => {
    expect(operations.filter(([, { summary }]) => !summary).map(([name]) => name)).toEqual([]);
  });

  it('says for every operation who may do it', () => {
    const open = operations.filter(([, { security }]) => !security?.some((each) => (each.bearer?.length ?? 0) > 0));
    expect(
      open.map(([name]) => name).filter((name) => !publicOperations.includes(name) && !mayBeAnybody(name)),
    ).toEqual([]);
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
      expect(code).toMatch(/^[A-Z]+(\.[A-Z_]+)+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title.length).toBeGreaterThan(5);
    }
  });

  it('is beside a table of refusals in the code', () => {
    expect(existsSync(join(root, service, 'src/domain/error-codes.ts'))).toBe(true);
  });
});

/** Any signed-in person: reading who one is, and the like. */
const mayBeAnybody = (name: string): boolean => ['GET /api/auth/me', 'POST /api/auth/password'].includes(name);
