import { describe, expect, it } from 'vitest';
import { asServedHere, mergeDocuments, type OpenApiDocument } from './openapi.js';

const build = (facts: Partial<OpenApiDocument>): OpenApiDocument => ({
  openapi: '3.0.0',
  info: { title: 't', version: '1' },
  paths: {},
  ...facts,
});

describe('asServedHere', () => {
  it('names the gateway as the only server and leaves the rest', () => {
    const document = build({ servers: [{ url: 'http://127.0.0.1:9091' }], tags: [{ name: 'patients' }] });
    expect(asServedHere(document)).toEqual({ ...document, servers: [{ url: '/' }] });
  });
});

describe('mergeDocuments', () => {
  it('shares what two services define alike, and renames what they define differently, with its references', () => {
    const [shared, ref] = [{ type: 'object' }, { $ref: '#/components/schemas/Page' }];
    const a = build({ components: { schemas: { Problem: shared, Page: { type: 'array', items: shared } } } });
    const b = build({
      paths: { '/b': { get: { operationId: 'List', responses: { 200: ref } }, parameters: [ref] } },
      components: { schemas: { Problem: shared, Page: { allOf: [ref] } } },
    });
    const merged = mergeDocuments(
      new Map([
        ['b', b],
        ['a', a],
      ]),
      [],
    );
    const renamed = { $ref: '#/components/schemas/b.Page' };
    expect(merged.components?.schemas).toEqual({
      Problem: shared,
      Page: { type: 'array', items: shared },
      'b.Page': { allOf: [renamed] },
    });
    expect(merged.paths['/b']).toEqual({
      get: { operationId: 'b.List', responses: { 200: renamed } },
      parameters: [renamed],
    });
    expect(merged).not.toHaveProperty('x-missing-services');
  });

  it('does not change the documents that it was given', () => {
    const b = build({ components: { schemas: { Thing: { $ref: '#/components/schemas/Thing' } } } });
    const before = structuredClone(b);
    mergeDocuments(
      new Map([
        ['a', build({ components: { schemas: { Thing: {} } } })],
        ['b', b],
      ]),
      [],
    );
    expect(b).toEqual(before);
  });

  it('says which services are missing', () => {
    const merged = mergeDocuments(new Map(), ['record']);
    expect(merged['x-missing-services']).toEqual(['record']);
    expect(merged.info.description).toContain('record');
  });
});
