import { connect } from 'node:net';
import { createLogger } from '@cabinet/kit/observe/log';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Overrides } from '../src/app.js';
import { eventually } from './support/eventually.js';
import { startSystem } from './support/system.js';

const failed = {
  page: '/patients/$patientId/appointments',
  error: 'TypeError',
  frames: ['assets/appointments-D3f_9aBc.js:1:2345', 'assets/index-B1cD2eF3.js:10:7'],
  build: 'index-B1cD2eF3',
  browser: 'firefox',
};

describe('POST /api/system/page-failures', () => {
  /** A gateway, what it logs of failed pages, and how a browser there reports one. */
  async function startPractice(env: Record<string, string> = {}, overrides: Overrides = {}) {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const log = createLogger('gateway', 'info', { lines: { write } });
    const { gateway, url } = await startSystem([], { log, ...overrides }, env);
    const report = (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/api/system/page-failures`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const counted = async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Object.fromEntries(
        [...text.matchAll(/^gateway_page_failures_total\{.*browser="(\w+)".*\} (\d+)$/gm)].map(([, browser, count]) => [
          browser,
          Number(count),
        ]),
      );
    };
    const logged = () => lines.filter(({ msg }) => msg === 'a page of the portal failed');
    return { gateway, report, counted, logged };
  }

  it('counts a failure by the kind of browser, and logs one line of it, without a token', async () => {
    const { report, counted, logged } = await startPractice();
    const answer = await report(failed);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([204, 'no-store']);
    expect((await report({ ...failed, page: '/', frames: [] })).status).toBe(204);
    expect(await counted()).toEqual({ chrome: 0, edge: 0, firefox: 2, safari: 0, other: 0 });
    expect(logged()).toHaveLength(2);
    expect(logged()[0]).toMatchObject({ level: 'warn', ...failed });
    const { time, trace_id, request_id, level, msg, service, ...said } = logged()[0] as Record<string, unknown>;
    expect(said).toEqual(failed);
  });

  it.each<[path: string, change: object]>([
    ['page', { page: '/patients/7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22' }],
    ['page', { page: '/patients/$patientId?name=Moreau' }],
    ['page', { page: 'https://practice.test/' }],
    ['page', { page: '/a'.repeat(61) }],
    ['page', { page: '' }],
    ['page', { page: undefined }],
    ['error', { error: 'TypeError: Alice Moreau is undefined' }],
    ['error', { error: 'E'.repeat(41) }],
    ['error', { error: 'a\nlevel=error' }],
    ['frames', { frames: 'assets/a.js:1:1' }],
    ['frames', { frames: Array(21).fill('assets/a.js:1:1') }],
    ['frames[1]', { frames: ['assets/a.js:1:1', 'https://elsewhere.test/a.js:1:1'] }],
    ['frames[0]', { frames: ['assets/a.js?patient=Moreau:1:1'] }],
    ['frames[0]', { frames: [7] }],
    ['build', { build: 'a build' }],
    ['build', { build: null }],
    ['browser', { browser: 'Mozilla/5.0 (X11; Linux x86_64)' }],
    ['body', { patientId: '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22' }],
  ])('refuses what could say more than it may, at %s: %j', async (path, change) => {
    const { report, counted, logged } = await startPractice();
    const answer = await report({ ...failed, ...change });
    const { code, fields, detail } = (await answer.json()) as { code: string; fields: object[]; detail: string };
    expect([answer.status, code, fields]).toEqual([422, 'REQUEST.INVALID', [expect.objectContaining({ path })]]);
    // What was sent may be what must not be said.
    expect(JSON.stringify([fields, detail])).not.toMatch(/Moreau|7b0c8a54|Mozilla/);
    expect([logged(), Object.values(await counted())]).toEqual([[], [0, 0, 0, 0, 0]]);
  });

  it.each<[what: string, body: string, type: string, status: number, code: string]>([
    ['no JSON', '{"page":', 'application/json', 400, 'REQUEST.MALFORMED_JSON'],
    ['too much', JSON.stringify({ ...failed, more: 'x'.repeat(5_000) }), 'application/json', 413, 'REQUEST.TOO_LARGE'],
    ['what any page can send', JSON.stringify(failed), 'text/plain', 415, 'REQUEST.NOT_JSON'],
    ['a list', '[]', 'application/json', 422, 'REQUEST.INVALID'],
    ['nothing', '', 'application/json', 422, 'REQUEST.INVALID'],
  ])('refuses %s, and logs nothing of it', async (_what, body, type, status, code) => {
    const { report, logged } = await startPractice();
    const answer = await report(body, { 'content-type': type });
    expect([answer.status, ((await answer.json()) as { code: string }).code, logged()]).toEqual([status, code, []]);
  });

  it('takes few of one address and of all, whether they are well-formed or not, and says when to come back', async () => {
    const { report, logged } = await startPractice({ RATE_LIMIT_REPORTS: '2', TRUSTED_PROXIES: '127.0.0.1' });
    const statusesFrom = async (address: string, bodies: unknown[]) => {
      const statuses = [];
      for (const body of bodies) statuses.push((await report(body, { 'x-forwarded-for': address })).status);
      return statuses;
    };
    expect(await statusesFrom('192.0.2.1', [failed, {}, failed])).toEqual([204, 422, 429]);
    const refused = await report(failed, { 'x-forwarded-for': '192.0.2.1' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'REQUEST.TOO_MANY', policy: 'report' });
    for (let other = 2; other <= 10; other += 1) {
      expect(await statusesFrom(`192.0.2.${other}`, [failed, failed])).toEqual([204, 204]);
    }
    const over = await report(failed, { 'x-forwarded-for': '192.0.2.11' });
    expect([over.status, await over.json()]).toMatchObject([429, { policy: 'reports' }]);
    expect(logged()).toHaveLength(19);
  });

  it('gives up a report that does not come, and goes on', async () => {
    const { gateway, report } = await startPractice({}, { reportMsMax: 200 });
    const socket = connect(gateway.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let isOver = false;
    socket
      .on('error', () => undefined)
      .on('close', () => {
        isOver = true;
      });
    socket.resume();
    socket.write(
      'POST /api/system/page-failures HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await eventually(() => expect(isOver).toBe(true));
    expect((await report(failed)).status).toBe(204);
  });

  it('is there to report to, and not to read', async () => {
    const { gateway } = await startPractice();
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/system/page-failures`);
    expect(answer.status).toBe(405);
  });
});
