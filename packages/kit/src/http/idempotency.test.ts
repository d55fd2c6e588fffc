import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type RunningProcess } from '../lifecycle.js';
import { createLogger } from '../observe/log.js';
import { type IdempotencyKey, type IdempotencyStore, idempotency, type KeptAnswer } from './idempotency.js';
import { problemExit } from './problem.js';

class StoreInMemory implements IdempotencyStore {
  private readonly kept = new Map<string, { bodyHash: string; answer?: KeptAnswer }>();

  async claim(key: IdempotencyKey, bodyHash: string) {
    const found = this.kept.get(JSON.stringify(key));
    if (!found) {
      this.kept.set(JSON.stringify(key), { bodyHash });
      return { kind: 'first' as const };
    }
    if (found.bodyHash !== bodyHash) return { kind: 'other-body' as const };
    return found.answer ? { kind: 'done' as const, answer: found.answer } : { kind: 'in-flight' as const };
  }

  async complete(key: IdempotencyKey, answer: KeptAnswer) {
    const found = this.kept.get(JSON.stringify(key));
    if (found) found.answer = answer;
  }

  async release(key: IdempotencyKey) {
    this.kept.delete(JSON.stringify(key));
  }
}

let running: RunningProcess | undefined;
afterEach(() => running?.stop());

/** An app whose POST answers with what `create` returns; counts how often it was called. */
async function appThat(create: (call: number) => { status: number; body: unknown }) {
  const log = createLogger('test', 'silent');
  const app = express();
  let calls = 0;
  app.use(express.json(), idempotency(new StoreInMemory(), log));
  app.post('/things', (_req, res) => {
    calls += 1;
    const { status, body } = create(calls);
    res.status(status).set('ETag', '"v1"').json(body);
  });
  app.use(problemExit(log));
  running = await listen(app, { host: '127.0.0.1', port: 0 });
  const { port } = running;
  const post = async (body: unknown, key?: string, query = '') => {
    const response = await fetch(`http://127.0.0.1:${port}/things${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  return { post, calls: () => calls };
}

describe('Idempotency-Key', () => {
  it('gives the first answer again to the same request, with its headers', async () => {
    const { post, calls } = await appThat((call) => ({ status: 201, body: { call } }));
    await post({ a: 1 }, 'key-1');
    const again = await post({ a: 1 }, 'key-1');
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([201, { call: 1 }, '"v1"']);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(calls()).toBe(1);
  });

  it('refuses another body under the same key, and does nothing', async () => {
    const { post, calls } = await appThat((call) => ({ status: 201, body: { call } }));
    await post({ a: 1 }, 'key-1');
    const other = await post({ a: 2 }, 'key-1');
    expect(other).toMatchObject({ status: 422, body: { code: 'REQUEST.IDEMPOTENCY_KEY_REUSED' } });
    expect(calls()).toBe(1);
  });

  it('takes a request with another query for another request', async () => {
    const { post } = await appThat((call) => ({ status: call === 1 ? 409 : 201, body: { call } }));
    expect((await post({ a: 1 }, 'key-1')).status).toBe(409);
    expect((await post({ a: 1 }, 'key-1')).status).toBe(409);
    expect((await post({ a: 1 }, 'key-1', '?acceptDuplicate=true')).status).toBe(201);
  });

  it('tries again after a defect', async () => {
    const { post } = await appThat((call) => ({ status: call === 1 ? 500 : 201, body: { call } }));
    expect((await post({ a: 1 }, 'key-1')).status).toBe(500);
    expect((await post({ a: 1 }, 'key-1')).status).toBe(201);
  });

  it('refuses a key that is none', async () => {
    const { post, calls } = await appThat((call) => ({ status: 201, body: { call } }));
    expect((await post({}, 'x'.repeat(256))).status).toBe(422);
    expect(calls()).toBe(0);
  });
});
