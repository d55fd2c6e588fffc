import { describe, expect, it } from 'vitest';
import { completeSpecification } from './specification.ts';

const problem = { schema: { $ref: '#/components/schemas/Problem' } };

function complete(operation: object, path = '/api/things'): ReturnType<typeof JSON.parse> {
  const given = {
    info: { version: '1' },
    paths: { [path]: { post: { operationId: 'ThingsController.make', responses: {}, ...operation } } },
    components: {},
  };
  return JSON.parse(
    completeSpecification('things', JSON.stringify(given), { 'THING.GONE': { status: 410, title: 'Gone' } }),
  );
}

const statuses = (operation: object, path = '/api/things') =>
  Object.keys(complete(operation, path).paths[path].post.responses);

describe('a completed specification', () => {
  it('tells the errors that every operation can answer', () => {
    expect(statuses({})).toEqual(['400', '429', '500', '503']);
  });

  it.each([
    ['security', { security: [{ bearer: [] }] }, '/api/things', ['401', '403']],
    ['a body', { requestBody: {} }, '/api/things', ['413', '415', '422']],
    ['an id', { parameters: [{ in: 'path', name: 'id' }] }, '/api/things/{id}', ['404', '422']],
    ['values in the query', { parameters: [{ in: 'query', name: 'q' }] }, '/api/things', ['422']],
    ['If-Match', { parameters: [{ in: 'header', name: 'If-Match' }] }, '/api/things', ['412', '428']],
  ])('tells those that come with %s', (_, operation, path, expected) => {
    expect(statuses(operation, path)).toEqual(expect.arrayContaining(expected));
  });

  it('keeps what a controller said, and gives every error the one type of body', () => {
    const own = { description: 'Taken', content: { 'application/json': { ...problem, example: { code: 'X' } } } };
    const { responses } = complete({ responses: { 200: { description: 'Ok', content: {} }, 409: own } }).paths[
      '/api/things'
    ].post;
    expect(responses['409']).toEqual({
      description: 'Taken',
      content: { 'application/problem+json': { ...problem, example: { code: 'X' } } },
    });
    expect(responses['400'].content).toEqual({ 'application/problem+json': problem });
    expect(responses['200']).toEqual({ description: 'Ok', content: {} });
  });

  it('names operations by their controller, and lists the error codes', () => {
    const completed = complete({});
    expect(completed.paths['/api/things'].post.operationId).toBe('things.make');
    expect(completed['x-error-codes']).toEqual({ 'THING.GONE': { status: 410, title: 'Gone' } });
    expect(completed.components.schemas.Problem).toBeDefined();
  });

  it('is the same text whatever order the keys came in', () => {
    const text = (specification: object) => completeSpecification('x', JSON.stringify(specification), {});
    expect(text({ info: {}, paths: {}, components: { schemas: { A: {}, B: {} } } })).toBe(
      text({ components: { schemas: { B: {}, A: {} } }, paths: {}, info: {} }),
    );
  });
});
