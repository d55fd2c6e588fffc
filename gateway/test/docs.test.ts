import { describe, expect, it } from 'vitest';
import type { OpenApiDocument } from '../src/pages/openapi.js';
import { routeTable } from '../src/route-table.js';
import { places, problemOf, startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

const documentOf = (title: string, path: string, thing: object): OpenApiDocument => ({
  openapi: '3.0.0',
  info: { title, version: '1' },
  servers: [{ url: 'http://127.0.0.1:9999' }],
  paths: { [path]: { get: { operationId: 'List', responses: { 200: { $ref: '#/components/schemas/Thing' } } } } },
  components: { schemas: { Thing: { ...thing }, Problem: { type: 'object' } } },
});

async function startDocumented() {
  const patient = documentOf('patient', '/api/patients', { type: 'object' });
  const record = documentOf('record', '/api/records', { type: 'string' });
  const serve = (document: object) =>
    startUpstream((req, res) => {
      if (req.url !== '/openapi.json') return void res.writeHead(404).end();
      res.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
  const system = await startSystem([await serve(patient)]);
  await system.add('record', await serve(record));
  return system;
}

describe('GET /openapi/<service>.json', () => {
  it('gives the document that a running instance has, with the gateway as its server', async () => {
    const { url } = await startDocumented();
    const answer = await fetch(`${url}/openapi/patient.json`);
    const document = (await answer.json()) as OpenApiDocument;
    expect(document.servers).toEqual([{ url: '/' }]);
    expect(Object.keys(document.paths)).toEqual(['/api/patients']);
  });

  it('says which service gives none, and why', async () => {
    const system = await startDocumented();
    await system.add('practitioner', await startUpstream((_req, res) => res.writeHead(200).end('[1,')));
    const cases = [
      ['practitioner', 502, 'GATEWAY.NO_DOCUMENT'],
      ['auth', 503, 'GATEWAY.NO_INSTANCE'],
      ['registry', 404, 'GATEWAY.NO_SUCH_SERVICE'],
      ['..%2fpatient', 400, 'REQUEST.MALFORMED_PATH'],
    ] as const;
    for (const [name, status, code] of cases) {
      const answer = await fetch(`${system.url}/openapi/${name}.json`);
      expect([name, answer.status, (await problemOf(answer)).code]).toEqual([name, status, code]);
    }
  });
});

describe('GET /openapi.json', () => {
  it('holds all running services, with unique names, and says which are missing', async () => {
    const { url } = await startDocumented();
    const merged = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
    expect(Object.keys(merged.paths)).toEqual(expect.arrayContaining(['/api/patients', '/api/records', '/api/system']));
    expect(merged.paths['/api/patients']?.get).toMatchObject({
      operationId: 'patient.List',
      responses: { 200: { $ref: '#/components/schemas/Thing' } },
    });
    expect(merged.paths['/api/records']?.get).toMatchObject({
      operationId: 'record.List',
      responses: { 200: { $ref: '#/components/schemas/record.Thing' } },
    });
    expect(merged.components?.schemas).toMatchObject({
      Problem: expect.any(Object),
      Thing: { type: 'object' },
      'record.Thing': { type: 'string' },
    });
    const routed = [...new Set(routeTable.map(({ service }) => service))].sort();
    const others = routed.filter((service) => !['patient', 'record'].includes(service));
    expect(others).toEqual(expect.arrayContaining(['appointment', 'auth', 'practitioner']));
    expect(merged['x-missing-services']).toEqual([...others, ...places.map(({ service }) => service)].sort());
  });
});

describe('GET /docs', () => {
  it('offers every service that is running now', async () => {
    const { url, add, registry } = await startDocumented();
    const offered = async () => {
      const text = await (await fetch(`${url}/docs`)).text();
      return [...text.matchAll(/href="\/docs\/(\w+)"/g)].map(([, name]) => name);
    };
    expect(await offered()).toEqual(['gateway', 'patient', 'record']);
    const auth = await startUpstream();
    await add('auth', auth);
    expect(await offered()).toEqual(['gateway', 'auth', 'patient', 'record']);
    // What is in the registry but not routed is nobody's business outside.
    await registry.register({ service: 'internal', port: auth.port });
    expect(await offered()).toEqual(['gateway', 'auth', 'patient', 'record']);
  });

  it('shows the document of all, or of one', async () => {
    const { url } = await startDocumented();
    const shown = async (path: string) =>
      /data-document="([^"]+)"/.exec(await (await fetch(`${url}${path}`)).text())?.[1];
    expect(await shown('/docs')).toBe('/openapi.json');
    expect(await shown('/docs/')).toBe('/openapi.json');
    expect(await shown('/docs/record')).toBe('/openapi/record.json');
    const unknown = await fetch(`${url}/docs/internal`);
    expect([unknown.status, (await problemOf(unknown)).code]).toEqual([404, 'GATEWAY.NO_SUCH_SERVICE']);
  });
});
