import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpApp } from '@cabinet/kit/http/app';
import { listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvBody } from './csv-body.js';

let running: RunningProcess;

beforeAll(async () => {
  const app = createHttpApp({
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    verifier: { verify: () => ({ id: 'u', roles: ['secretary'] }) },
    isReady: async () => true,
    errorCodes: [],
    before: [csvBody({ path: '/import', roles: ['secretary'] })],
    routes: (routes) => void routes.post('/import', (req, res) => void res.json({ body: String(req.body) })),
  });
  running = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => running?.stop());

async function send(bytes: Buffer, encoding: string) {
  const answer = await fetch(`http://127.0.0.1:${running.port}/import`, {
    method: 'POST',
    body: bytes as RequestInit['body'],
    headers: { 'content-type': 'text/csv', 'content-encoding': encoding, authorization: 'Bearer a.b.c' },
  });
  return { status: answer.status, body: (await answer.json()) as { code: string } };
}

describe('a file that is not what its Content-Encoding says', () => {
  const text = 'name;date\nDûrand;2026-01-01\n'.repeat(50);

  it.each<[string, string, Buffer]>([
    ['gzip', 'none of it', Buffer.from(text)],
    ['deflate', 'none of it', Buffer.from(text)],
    ['br', 'none of it', Buffer.from(text)],
    ['gzip', 'cut', gzipSync(text).subarray(0, -9)],
    ['deflate', 'cut', deflateSync(text).subarray(0, -5)],
    ['br', 'cut', brotliCompressSync(text).subarray(0, -5)],
    ['gzip', 'damaged', gzipSync(text).fill(0xff, 12, 20)],
  ])('is malformed: %s, %s', async (encoding, _, bytes) => {
    const { status, body } = await send(bytes, encoding);
    expect([status, body.code]).toEqual([400, 'REQUEST.MALFORMED']);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)(
    'is given up at the limit when it is far larger than what was sent of it, %s',
    async (encoding, compress) => {
      const bomb = compress(Buffer.alloc(128 * 1024 * 1024, 'a'));
      expect(bomb.length).toBeLessThan(1024 * 1024);
      const before = process.memoryUsage().arrayBuffers;
      expect((await send(bomb, encoding)).status).toBe(413);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(96 * 1024 * 1024);
    },
  );

  it('is read when it is', async () => {
    expect((await send(gzipSync(text), 'gzip')).status).toBe(200);
  });
});
