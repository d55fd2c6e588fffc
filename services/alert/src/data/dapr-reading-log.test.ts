import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { DaprReadingLog } from './dapr-reading-log.js';

const patientId = randomUUID();
const [from, until] = [new Date('2026-09-01T00:00:00Z'), new Date('2026-11-20T00:00:00Z')];
const hourMs = 3_600_000;

/** Answers as the wearable service does, by the sidecar. */
async function startWearable(answer: (query: URLSearchParams, res: ServerResponse) => void) {
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://wearable');
    expect([pathname, req.headers['dapr-app-id']]).toEqual(['/api/readings', 'wearable']);
    res.setHeader('content-type', 'application/json');
    answer(searchParams, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const httpPort = (server.address() as AddressInfo).port;
  // Of what was measured nothing stands in the own database.
  return new DaprReadingLog({ httpPort }, undefined as never);
}

const refuse = (res: ServerResponse, status: number, code: string) =>
  res.writeHead(status).end(JSON.stringify({ code: 'REQUEST.INVALID', fields: [{ path: 'to', code, message: 'no' }] }));

/** One reading each hour. */
function give(query: URLSearchParams, res: ServerResponse): void {
  const [begin, end] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
  const items = [];
  for (let at = Math.ceil(begin / hourMs) * hourMs; at < end; at += hourMs) {
    const time = new Date(at).toISOString();
    items.push({ id: randomUUID(), at: time, receivedAt: time, version: 1, value: 72, certainty: 'sure' });
  }
  const code = query.get('code');
  res.end(JSON.stringify({ patientId, code, name: 'Heart rate', unit: '/min', kind: 'level', items, gaps: [] }));
}

it('has each reading of the time once, though no more than so many days, or readings, are given at once', async () => {
  const spans: number[] = [];
  const log = await startWearable((query, res) => {
    const days = (Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')) / hourMs / 24;
    spans.push(days);
    if (days > 10) refuse(res, 422, 'TOO_MANY_POINTS');
    else give(query, res);
  });
  const found = await log.readings(patientId, ['8867-4'], from, until, 100_000);
  expect(Math.max(...spans)).toBeLessThanOrEqual(30);
  // 30 days and 15 are refused once, and not for each month.
  expect(spans.filter((days) => days > 10)).toEqual([30, 15]);
  expect(new Set(found.map(({ effectiveAt }) => effectiveAt)).size).toBe(80 * 24);
  expect(found).toHaveLength(80 * 24);
  expect(found[0]).toMatchObject({ patientId, code: '8867-4', unit: '/min', value: 72, flags: [], certainty: 'sure' });
});

it('has none of what nobody measures here, and of a patient who was erased', async () => {
  const log = await startWearable((query, res) => {
    if (query.get('code') === '67775-7') refuse(res, 422, 'NOT_KEPT_HERE');
    else refuse(res, 410, 'ERASED');
  });
  expect(await log.readings(patientId, ['67775-7', '8867-4'], from, until, 10)).toEqual([]);
});

it.each([
  ['is away', (res: ServerResponse) => res.writeHead(503).end()],
  ['refuses', (res: ServerResponse) => refuse(res, 403, 'NO')],
  ['answers something else', (res: ServerResponse) => res.end('{"items": [{"value": "high"}]}')],
])('cannot be had when the service %s', async (_, answer) => {
  const log = await startWearable((_query, res) => void answer(res));
  await expect(log.readings(patientId, ['8867-4'], from, until, 10)).rejects.toMatchObject({ kind: 'unavailable' });
});
