import { Readable } from 'node:stream';
import { ask } from '@cabinet/access/ask';
import { Policy } from '@cabinet/access/policy';
import { callerOf, identifyCaller } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
import { NotFound } from '@cabinet/kit/errors';
import { problemExit } from '@cabinet/kit/http/problem';
import { currentContext, type RequestContext, runInContext } from '@cabinet/kit/http/request-context';
import { listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import express, { type RequestHandler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, caller } from '../../../../tests/support/http.ts';
import { AccessDoor } from './door.js';

const policy = new Policy({
  note: {
    about: 'a note',
    properties: { id: ['id'], text: ['text'] },
    actions: {
      read: [
        { who: ['patient self'], sees: 'all', purpose: 'patientRequest' },
        { who: ['secretary any'], sees: ['id'], purpose: 'patientAdministration' },
      ],
      give: [{ who: ['secretary any'], sees: 'all', purpose: 'patientAdministration' }],
    },
    notByClients: ['give'],
    unseenByGuardians: ['patient', 'admin'],
  },
});

const schema = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const text = { type: 'string' };
const openapi = (operation: object, form: object = schema({ id: text, text }, ['id'])) => ({
  paths: {
    '/notes/{id}': {
      get: {
        security: [{ bearer: [] }],
        responses: { 200: { content: { 'application/json': { schema: form } } } },
        ...operation,
      },
    },
  },
});
const read = { 'x-access': { resource: 'note', action: 'read', channel: 'rest' } };

describe('a service', () => {
  it.each([
    [
      'does not say what it is',
      openapi({}),
      'GET /notes/{id}: does not say in x-access what it is in the access table',
    ],
    [
      'is what the table does not know',
      openapi({ 'x-access': { resource: 'note', action: 'fly', channel: 'rest' } }),
      'GET /notes/{id}: the access table does not know: note fly rest',
    ],
    [
      'is what the table knows by another channel',
      openapi({ 'x-access': { resource: 'note', action: 'read', channel: 'list' } }),
      'GET /notes/{id}: the access table does not know: note read list',
    ],
    [
      'answers with a property that the table does not know',
      openapi(read, schema({ id: text, colour: text })),
      'GET /notes/{id}: the access table knows no property colour of note',
    ],
    [
      'answers with items that have one',
      openapi(read, schema({ items: { type: 'array', items: schema({ colour: text }) } })),
      'GET /notes/{id}: the access table knows no property colour of note',
    ],
    [
      'promises what not everybody sees',
      openapi(read, schema({ id: text, text }, ['id', 'text'])),
      'GET /notes/{id}: not everybody sees note text, so its form must not require it',
    ],
  ])('does not start with an operation that %s', (_, document, problem) => {
    expect(() => new AccessDoor(document, policy)).toThrow(problem);
  });

  it('starts with one that the table knows, and with one for everybody', () => {
    expect(() => new AccessDoor(openapi(read), policy)).not.toThrow();
    expect(() => new AccessDoor(openapi({ security: [] }), policy)).not.toThrow();
  });
});

/** A service of one operation, which does what the test says. */
async function serving(
  handler: RequestHandler,
  operation: object = read,
): Promise<RunningProcess & { door: AccessDoor }> {
  const document = openapi(operation);
  const door = new AccessDoor(document, policy);
  const principals: Record<string, Principal> = {
    'a.b.c': { id: 'u', roles: ['patient'], patientId: 'p' },
    'd.e.f': { id: 's', roles: ['secretary'] },
    'g.h.i': { id: 'a', roles: ['admin'] },
    'j.k.l': { id: 's', roles: ['secretary'], clientId: 'lab' },
  };
  const app = express();
  app.use((_req, _res, next) => {
    lastContext = { requestId: 'r', operation: document.paths['/notes/{id}'].get };
    runInContext(lastContext, () => next());
  });
  app.use(identifyCaller({ verify: (token) => principals[token] as Principal }));
  app.use(door.notice, door.comeIn, door.goOut);
  app.get('/notes/:id', handler);
  app.use(problemExit(log));
  return { ...(await listen(app, { host: '127.0.0.1', port: 0 })), door };
}

let lastContext: RequestContext | undefined;
const log = createLogger('test', 'silent');
const patient = 'Bearer a.b.c';
const secretary = 'Bearer d.e.f';
const admin = 'Bearer g.h.i';
let running: RunningProcess | undefined;
afterEach(() => running?.stop());

async function asked(handler: RequestHandler, authorization?: string, operation?: object): Promise<Answer> {
  running = await serving(handler, operation);
  const call = caller(`http://127.0.0.1:${running.port}`, authorization ? { authorization } : {});
  return call('GET', '/notes/n');
}

const note = () => ({ id: 'n', text: 'secret' });

describe('a request', () => {
  it('is refused at the door to who has no role that may be let in, and to nobody known', async () => {
    const never: RequestHandler = () => {
      throw new Error('was let in');
    };
    expect(await asked(never, admin)).toMatchObject({ status: 403, body: { code: 'ACCESS.ROLE_NOT_ALLOWED' } });
    await running?.stop();
    expect(await asked(never)).toMatchObject({ status: 401 });
  });

  it('is refused to a client in what nobody does by one, and to nobody else', async () => {
    const give = { 'x-access': { resource: 'note', action: 'give', channel: 'rest' } };
    const done: RequestHandler = (_req, res) => void res.json(note());
    expect(await asked(done, 'Bearer j.k.l', give)).toMatchObject({
      status: 403,
      body: { code: 'ACCESS.CLIENT_NOT_ALLOWED' },
    });
    await running?.stop();
    expect((await asked(done, secretary, give)).status).toBe(200);
    await running?.stop();
    expect((await asked(done, 'Bearer j.k.l')).status).toBe(200);
  });

  it('needs no more than its role where that is enough, and gets what that sees', async () => {
    const answer = await asked((_req, res) => void res.json(note()), secretary);
    expect([answer.status, answer.body]).toEqual([200, { id: 'n' }]);
  });

  it('is answered in full when the table was asked and said so', async () => {
    const handler: RequestHandler = (req, res) => {
      ask(callerOf(req) as Principal, ['self']);
      expect(currentContext()?.access).toMatchObject({ relation: 'self', purpose: 'patientRequest' });
      res.json(note());
    };
    const answer = await asked(handler, patient);
    expect([answer.status, answer.body]).toEqual([200, note()]);
  });

  it.each<[string, RequestHandler]>([
    ['never asked', (_req, res) => void res.json(note())],
    ['never asked, for an answer without a body', (_req, res) => void res.status(204).end()],
    ['never asked, for an answer that comes in parts', (_req, res) => void Readable.from(['sec', 'ret']).pipe(res)],
    [
      'asked, and did not listen',
      (req, res) => {
        ask(callerOf(req) as Principal, ['other']);
        res.json(note());
      },
    ],
  ])('is a defect that gives nothing when its use case %s', async (_, handler) => {
    const answer = await asked(handler, patient);
    expect([answer.status, JSON.stringify(answer.body).includes('secret')]).toEqual([500, false]);
  });

  it.each<[string, string | undefined, boolean]>([
    ['of a role of which the table says so', patient, true],
    ['of such a role that is refused', admin, true],
    ['of another role', secretary, false],
    ['of nobody known', undefined, false],
  ])('is hidden from guardians, or not, before anything is asked of it: %s', async (_, who, isHidden) => {
    const handler: RequestHandler = () => {
      throw new NotFound('NOTE.NOT_FOUND', 'There is no such note');
    };
    expect((await asked(handler, who)).status).toBeGreaterThanOrEqual(401);
    expect(lastContext?.access?.isKeptFromGuardians).toBe(isHidden);
  });

  it('is refused by its use case as that likes', async () => {
    const answer = await asked(() => {
      throw new NotFound('NOTE.NOT_FOUND', 'There is no such note');
    }, patient);
    expect(answer).toMatchObject({ status: 404, body: { code: 'NOTE.NOT_FOUND' } });
  });
});

describe('asking without an operation', () => {
  it('is a defect', () => {
    const actor: Principal = { id: 'u', roles: ['secretary'] };
    expect(() => ask(actor, [])).toThrow('no operation is at hand');
  });
});
