import { connect } from 'node:net';
import express, { Router } from 'express';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { callerOf, requireRole } from '../access/authenticate.js';
import type { Principal } from '../access/principal.js';
import { NotAuthenticated } from '../errors.js';
import { listen } from '../lifecycle.js';
import { createLogger } from '../observe/log.js';
import { createMetrics } from '../observe/metrics.js';
import { createHttpApp } from './app.js';
import { keepOwnBody } from './body.js';
import { currentContext } from './request-context.js';

afterEach(() => vi.restoreAllMocks());

const ended = () => {
  throw new NotAuthenticated('ACCESS.TOKEN_ENDED', 'What the access token stood for has ended');
};

/** A service whose caller is whoever the test says; a file is read by a route of its own. */
async function serving() {
  let asked = 0;
  let caller: () => Principal = () => ({ id: 'u', roles: ['admin'] });
  const file = Router().post('/files', express.raw({ type: 'text/csv' }), (req, _res, next) => {
    keepOwnBody(req);
    next();
  });
  const app = createHttpApp({
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    verifier: {
      verify() {
        asked += 1;
        return caller();
      },
    },
    isReady: async () => true,
    errorCodes: [],
    before: [file],
    routes(routes) {
      routes.post('/public', (req, res) => void res.json({ id: callerOf(req)?.id }));
      routes.post(['/things', '/files'], (req, res) => {
        requireRole(req, ['admin']);
        res.json({ id: currentContext()?.principal?.id });
      });
    },
  });
  const running = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.stop());
  const becomes = (next: () => Principal) => {
    caller = next;
  };
  return { port: running.port, asked: () => asked, becomes };
}

/** Sends the head of a request; the rest of the body comes when the test says so. */
function begin(port: number, path: string, type: string, body: string): () => Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const head = [`POST ${path} HTTP/1.1`, 'Host: test', 'Authorization: Bearer a.b.c', `Content-Type: ${type}`];
  socket.write([...head, `Content-Length: ${body.length}`, 'Connection: close', '', body.slice(0, 1)].join('\r\n'));
  return () =>
    new Promise((answered, failed) => {
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      socket.on('end', () => answered(`${answer.split(' ')[1]} ${answer.split('\r\n\r\n')[1]}`));
      socket.on('error', failed);
      socket.write(body.slice(1));
    });
}

describe('a body that comes long after its head', () => {
  it.each([
    ['JSON', '/things', 'application/json', '{"a":1}'],
    ['a file', '/files', 'text/csv', 'name;date\n'],
    ['JSON that anybody may send', '/public', 'application/json', '{"a":1}'],
  ])('is of no use to who was signed out meanwhile: %s', async (_what, path, type, body) => {
    const { port, asked, becomes } = await serving();
    const finish = begin(port, path, type, body);
    await vi.waitUntil(() => asked() === 1);
    becomes(ended);
    expect(await finish()).toMatch(/^401 .*ACCESS\.TOKEN_ENDED/);
  });

  it('is taken for what its sender may when it is here', async () => {
    const { port, asked, becomes } = await serving();
    const finish = begin(port, '/things', 'application/json', '{"a":1}');
    await vi.waitUntil(() => asked() === 1);
    becomes(() => ({ id: 'u', roles: ['patient'] }));
    expect(await finish()).toMatch(/^403 .*ACCESS\.ROLE_NOT_ALLOWED/);
  });

  it('is taken from who is still signed in', async () => {
    const { port, asked } = await serving();
    const finish = begin(port, '/things', 'application/json', '{"a":1}');
    await vi.waitUntil(() => asked() === 1);
    expect(await finish()).toMatch(/^200 .*"u"/s);
  });
});

it('asks once who calls when there is no body', async () => {
  const { port, asked } = await serving();
  const answer = await fetch(`http://127.0.0.1:${port}/public`, {
    method: 'POST',
    headers: { authorization: 'Bearer a.b.c' },
  });
  expect([answer.status, asked()]).toEqual([200, 1]);
});
