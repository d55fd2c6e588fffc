import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../observe/log.js';
import { EndedAccessReader, rightsGround, sessionGround } from './ended-access.js';

afterEach(() => vi.restoreAllMocks());

const session = sessionGround('019a8f3e-0000-7000-8000-000000000001');

/** Stands for auth; what it answers is the test's. */
async function auth(answer: () => string | undefined) {
  let asked = 0;
  const server = createServer((_req, res) => {
    asked += 1;
    const said = answer();
    if (said === undefined) res.writeHead(503).end();
    else res.end(said);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
  return { url, asked: () => asked };
}

function reading(url: string): EndedAccessReader {
  const reader = new EndedAccessReader(url, createLogger('test', 'silent'), 10);
  onTestFinished(() => reader.stop());
  return reader;
}

it('knows what has ended soon after auth says so', async () => {
  let ended: string[] = [];
  const { url } = await auth(() => JSON.stringify({ ended }));
  const reader = reading(url);
  expect(reader.has(session)).toBe(false);
  ended = [session];
  await vi.waitUntil(() => reader.has(session));
  expect(reader.has(rightsGround('somebody', 1))).toBe(false);
});

it.each<[string, string | undefined]>([
  ['is away', undefined],
  ['answers something else', '{"keys":[]}'],
  ['answers no JSON', '<html>'],
])('keeps what auth said last while auth %s', async (_what, instead) => {
  let said: string | undefined = JSON.stringify({ ended: [session] });
  const { url, asked } = await auth(() => said);
  const reader = reading(url);
  await vi.waitUntil(() => reader.has(session));
  said = instead;
  const before = asked();
  await vi.waitUntil(() => asked() > before + 2);
  expect(reader.has(session)).toBe(true);
});

it('gives each session and each state of rights a ground of its own', () => {
  const grounds = [session, rightsGround('a', 1), rightsGround('a', 2), rightsGround('b', 1), sessionGround('a 1')];
  expect(new Set(grounds).size).toBe(grounds.length);
});
