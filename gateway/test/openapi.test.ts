import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keepersOfPatientData } from '../src/route-table.js';
import { startSystem, type TestSystem } from './support/system.js';
import { answerStatus, startUpstream } from './support/upstream.js';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary?: string;
  security?: { bearer?: string[] }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

const document = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'));
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

/** A schema with what it refers to in its place, as JSON Schema has it. */
function whole(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(whole);
  if (schema === null || typeof schema !== 'object') return schema;
  const name = (schema as { $ref?: string }).$ref?.split('/').at(-1);
  if (name) return whole(document.components.schemas[name]);
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => (key === 'format' ? [] : [[key, whole(value)]])),
  );
}

const letter = {
  topic: 'appointment',
  type: 'appointment.booked',
  cause: 'schema',
  code: 'EVENT.NOT_OF_ITS_FORM',
  firstAt: '2026-11-28T10:00:00.000Z',
  lastAt: '2026-11-28T10:00:00.000Z',
};

/** An instance that keeps dead letters and knows a patient. */
const event = {
  sequence: 7,
  at: '2026-11-22T10:00:00.000Z',
  actor: '3a1f7c1e-0b5a-4b7e-9c53-8f1f6f0f2a11',
  roles: ['secretary'],
  purpose: 'PATADMIN',
  action: 'GET /api/patients/:id',
  subjects: ['7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22'],
  outcome: 200,
  requestId: '01a222bc-919d-77bf-9544-aadb3649135a',
  address: '192.0.2.7',
};

const knowing = () =>
  startUpstream((req, res) => {
    req.resume();
    req.on('end', () => {
      res.setHeader('content-type', 'application/json');
      const lists = { reasons: [{ ...letter, count: 2 }], items: [{ ...letter, eventId: 'e', tries: 3 }] };
      const [, id] = /^\/system\/patient-data\/([\w-]+)$/.exec(req.url ?? '') ?? [];
      const refused = { [unknown]: 404, [erased]: 410 }[id ?? ''];
      if (refused) return void res.writeHead(refused).end(JSON.stringify({ code: 'PATIENT.NONE', title: 'None' }));
      if (id) return void res.end(JSON.stringify({ patientId: id, sections: {} }));
      if (/^\/system\/(?:audit|accesses)/.test(req.url ?? '')) return void res.end(JSON.stringify({ items: [event] }));
      if (req.url?.startsWith('/api/patients/gone')) return void res.writeHead(404).end('{}');
      if (req.method === 'POST') return void res.end(JSON.stringify({ count: 2, notGenuine: 0 }));
      res.end(
        JSON.stringify(req.url?.startsWith('/system') ? lists : { id: '1', openapi: '3.0.0', info: {}, paths: {} }),
      );
    });
  });

const [somebody, unknown, erased] = [
  '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22',
  '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f33',
  '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f44',
] as const;

describe('openapi.json of the gateway', () => {
  let system: TestSystem;
  let admin: string;
  const seen = new Set<string>();

  /** Asks as an admin, and looks whether the answer is one that the document knows. */
  async function expectKnown(
    method: string,
    template: string,
    status: number,
    path = template,
    init: RequestInit = {},
  ) {
    const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json', ...init.headers };
    const answer = await fetch(system.url + path, { method, ...init, headers });
    expect([method, path, answer.status]).toEqual([method, path, status]);
    const operation = operations.find((each) => each.path === template && each.method === method);
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = operation?.responses[status]?.content?.[type]?.schema;
    const isKnown = status === 204 ? operation?.responses[204]?.content === undefined : schema !== undefined;
    expect([method, template, status, type, isKnown]).toEqual([method, template, status, type, true]);
    seen.add(`${operation?.operationId} ${status}`);
    if (status === 204) return;
    const body = /json/.test(type) ? await answer.json() : await answer.text();
    const read = z.fromJSONSchema(whole(schema) as z.core.JSONSchema.JSONSchema).safeParse(body);
    expect([method, path, status, read.error?.issues ?? []]).toEqual([method, path, status, []]);
  }

  async function expectExportsKnown() {
    system = await startSystem([await knowing()]);
    admin = await system.issuer.token({ roles: ['admin'] });
    const patient = { headers: { authorization: `Bearer ${await system.issuer.token({ roles: ['patient'] })}` } };
    const copy = '/api/patients/{id}/export';
    const of = (id: string) => `/api/patients/${id}/export`;
    await expectKnown('GET', copy, 503, of(somebody), patient);
    for (const service of keepersOfPatientData.slice(1)) await system.add(service, await knowing());
    await expectKnown('GET', copy, 200, of(somebody), patient);
    await expectKnown('GET', copy, 400, `${of(somebody)}?x=%ff`, patient);
    await expectKnown('GET', copy, 401, of(somebody), { headers: { authorization: '' } });
    await expectKnown('GET', copy, 403, of(somebody));
    await expectKnown('GET', copy, 404, of(unknown), patient);
    await expectKnown('GET', copy, 410, of(erased), patient);
  }

  it('knows what the gateway answers', async () => {
    await expectExportsKnown();
    system = await startSystem([await knowing()]);
    admin = await system.issuer.token({ roles: ['admin'] });
    const accesses = '/api/patients/{id}/accesses';
    const own = '/api/patients/7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22/accesses';
    const patient = { headers: { authorization: `Bearer ${await system.issuer.token({ roles: ['patient'] })}` } };
    await expectKnown('GET', accesses, 200, own, patient);
    await expectKnown('GET', accesses, 400, `${own}?cursor=%ff`, patient);
    await expectKnown('GET', accesses, 401, own, { headers: { authorization: '' } });
    await expectKnown('GET', accesses, 403, own);
    await expectKnown('GET', accesses, 422, `${own}?limit=0`, patient);
    await system.add('record', await startUpstream(answerStatus(403)));
    await system.add('practitioner', await startUpstream(answerStatus(500)));
    const nobody = { headers: { authorization: '' } };
    const secretary = { headers: { authorization: `Bearer ${system.token}` } };
    const body = JSON.stringify({ code: letter.code });
    const large = JSON.stringify({ code: 'x'.repeat(20_000) });
    const letters = '/api/system/dead-letters';
    const trails = '/api/system/audit';

    await expectKnown('GET', '/health/live', 200);
    await expectKnown('GET', '/health/ready', 200);
    await expectKnown('GET', '/metrics', 200);
    await expectKnown('GET', '/status', 200);
    for (const path of ['/metrics', '/status']) {
      await expectKnown('GET', path, 404, path, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    }
    await expectKnown('GET', '/openapi.json', 200);
    await expectKnown('GET', '/openapi/{service}.json', 200, '/openapi/gateway.json');
    await expectKnown('GET', '/openapi/{service}.json', 200, '/openapi/patient.json');
    await expectKnown('GET', '/openapi/{service}.json', 404, '/openapi/nosuch.json');
    await expectKnown('GET', '/openapi/{service}.json', 502, '/openapi/practitioner.json');
    await expectKnown('GET', '/openapi/{service}.json', 503, '/openapi/auth.json');

    const overview = '/api/patients/{id}/overview';
    await expectKnown('GET', overview, 200, '/api/patients/1/overview');
    await expectKnown('GET', overview, 401, '/api/patients/1/overview', nobody);
    await expectKnown('GET', overview, 404, '/api/patients/gone/overview');

    for (const path of ['/api/system', letters, trails]) {
      await expectKnown('GET', path, 200);
      await expectKnown('GET', path, 401, path, nobody);
      await expectKnown('GET', path, 403, path, secretary);
    }
    await expectKnown('GET', letters, 400, `${letters}?code=%ff`);
    await expectKnown('GET', letters, 422, `${letters}?nosuch=1`);
    await expectKnown('GET', trails, 400, `${trails}?actor=%ff`);
    await expectKnown('GET', trails, 422, `${trails}?limit=0`);
    for (const [path, done] of [
      [`${letters}/replay`, 202],
      [`${letters}/drop`, 200],
    ] as const) {
      await expectKnown('POST', path, done, path, { body });
      await expectKnown('POST', path, 401, path, { body, ...nobody });
      await expectKnown('POST', path, 403, path, { body, ...secretary });
      await expectKnown('POST', path, 400, path, { body: '{"code":' });
      await expectKnown('POST', path, 413, path, { body: large });
      await expectKnown('POST', path, 415, path, { body, headers: { 'content-type': 'text/plain' } });
      await expectKnown('POST', path, 422, path, { body: '{}' });
    }
    const failures = '/api/system/page-failures';
    const failed = JSON.stringify({ page: '/', error: 'TypeError', frames: [], build: 'index-1', browser: 'other' });
    await expectKnown('POST', failures, 204, failures, { body: failed, ...nobody });
    await expectKnown('POST', failures, 400, failures, { body: '{"page":' });
    await expectKnown('POST', failures, 413, failures, { body: large });
    await expectKnown('POST', failures, 415, failures, { body: failed, headers: { 'content-type': 'text/plain' } });
    await expectKnown('POST', failures, 422, failures, { body: '{}' });
    for (let more = 0; more < 5; more += 1) await expectKnown('POST', failures, 422, failures, { body: '{}' });
    await expectKnown('POST', failures, 429, failures, { body: failed });
    const told = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    // These take a defect, a gateway that stops, or one that has too much to do.
    const rare = / 500$|^health\.ready 503$|^patients\.overview (?:403|429|503)$/;
    expect(told.filter((each) => !seen.has(each) && !rare.test(each))).toEqual([]);
  });

  it('says of each operation in a sentence what it does, and who may', () => {
    expect(operations.filter(({ summary, security }) => !summary || !security)).toEqual([]);
  });

  it('is what is served, and part of the whole', async () => {
    system = await startSystem();
    const served = await (await fetch(`${system.url}/openapi/gateway.json`)).json();
    expect(served).toEqual(document);
    const { paths } = (await (await fetch(`${system.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toEqual(Object.keys(document.paths));
  });
});
