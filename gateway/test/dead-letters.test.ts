import { describe, expect, it } from 'vitest';
import { startSystem } from './support/system.js';
import { answerStatus, startUpstream } from './support/upstream.js';

const reason = {
  topic: 'appointment',
  type: 'appointment.booked',
  cause: 'schema',
  code: 'EVENT.NOT_OF_ITS_FORM',
  count: 2,
};
const json = { 'content-type': 'application/json' };

describe('/api/system/dead-letters', () => {
  async function startPractice() {
    const asked: { path: string; body: string }[] = [];
    const keeps = await startUpstream((req, res) => {
      const parts: Buffer[] = [];
      req.on('data', (part) => parts.push(part));
      req.on('end', () => {
        asked.push({ path: `${req.method} ${req.url}`, body: Buffer.concat(parts).toString() });
        res.writeHead(req.method === 'GET' ? 200 : 202, json);
        res.end(
          JSON.stringify(
            req.method === 'GET'
              ? { reasons: [reason], items: [{ eventId: 'e' }] }
              : { count: 2, notGenuine: 3, more: true },
          ),
        );
      });
    });
    const system = await startSystem();
    await system.add('patient', keeps);
    await system.add('practitioner', await startUpstream(answerStatus(404, json, '{}')));
    await system.add('record', await startUpstream(answerStatus(500, json, '{}')));
    const admin = { authorization: `Bearer ${await system.issuer.token({ roles: ['admin'] })}` };
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${system.url}/api/system/dead-letters${path}`, {
        ...init,
        headers: { ...admin, ...json, ...init.headers },
      });
    return { system, ask, asked };
  }

  it('shows those of all services by reason, and names the service that cannot say', async () => {
    const { ask, asked } = await startPractice();
    const answer = await ask('?code=EVENT.NOT_OF_ITS_FORM');
    expect(answer.status).toBe(200);
    const { unavailable, ...told } = (await answer.json()) as { unavailable: { service: string; code: string }[] };
    expect(told).toEqual({
      reasons: [{ service: 'patient', ...reason }],
      items: [{ service: 'patient', eventId: 'e' }],
    });
    expect(unavailable).toContainEqual({ service: 'record', code: 'HTTP.500' });
    // It was never there, or is there no more.
    expect(unavailable).toContainEqual({ service: 'appointment', code: 'GATEWAY.NO_INSTANCE' });
    expect(unavailable.map(({ service }) => service)).not.toContain('practitioner');
    expect(asked[0]?.path).toBe('GET /system/dead-letters?code=EVENT.NOT_OF_ITS_FORM');
  });

  it('lets those of one reason go again, in one service or in all', async () => {
    const { ask, asked } = await startPractice();
    const body = JSON.stringify({ service: 'patient', code: reason.code });
    const answer = await ask('/replay', { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { counts: { patient: 2 }, notGenuine: { patient: 3 }, more: ['patient'], unavailable: [] },
    ]);
    expect(asked).toEqual([{ path: 'POST /system/dead-letters/replay', body: JSON.stringify({ code: reason.code }) }]);
  });

  it.each([
    ['?service=nosuch', 'service'],
    ['?service=patient&service=auth', 'service'],
    ['?service=', 'service'],
    ['?code=', 'code'],
    ['?code=a&code=b', 'code'],
    ['?nosuch=1', 'nosuch'],
  ])('refuses a question it does not understand, and asks nobody: %s', async (query, path) => {
    const { ask, asked } = await startPractice();
    const answer = await ask(query);
    const { fields } = (await answer.json()) as { fields: object[] };
    expect([answer.status, fields]).toEqual([422, [expect.objectContaining({ path })]]);
    expect(asked).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['service', { service: 'nosuch', code: 'a' }],
    ['service', { service: ['auth'], code: 'a' }],
    ['service', { service: null, code: 'a' }],
    ['code', { service: 'patient' }],
    ['code', {}],
    ['code', { code: '' }],
    ['code', { code: ['a'] }],
    ['nosuch', { nosuch: '1' }],
    ['body', []],
  ])('lets nothing go again or away unless it is said which: %s of %j', async (path, body) => {
    const { ask, asked } = await startPractice();
    for (const what of ['/replay', '/drop']) {
      const answer = await ask(what, { method: 'POST', body: JSON.stringify(body) });
      const { fields } = (await answer.json()) as { fields: object[] };
      expect([answer.status, fields]).toEqual([422, [expect.objectContaining({ path })]]);
    }
    expect(asked).toEqual([]);
  });

  it('hands on what a service refuses, which is there', async () => {
    const { system, ask } = await startPractice();
    const fields = [{ path: 'code', code: 'INVALID', message: 'is not one' }];
    const problem = JSON.stringify({ code: 'REQUEST.INVALID', title: 'The request breaks a rule', fields });
    await system.add('appointment', await startUpstream(answerStatus(422, json, problem)));
    const answer = await ask('?code=x');
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'REQUEST.INVALID', fields }]);
  });

  it('is kept by no cache, whatever it answers', async () => {
    const { ask } = await startPractice();
    const answers = [
      await ask(''),
      await ask('?nosuch=1'),
      await ask('?code=%ff'),
      await ask('', { headers: { authorization: '' } }),
      await ask('/replay', { method: 'POST', body: '{"code":"a"}' }),
      await ask('/drop', { method: 'POST', body: '{"code":"a"}' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 400, 401, 202, 200]);
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(6).fill('no-store'));
  });

  it('takes a filter in JSON and UTF-8 alone', async () => {
    const { ask, asked } = await startPractice();
    const statusOf = async (body: RequestInit['body'], headers = {}) =>
      (await ask('/drop', { method: 'POST', body, headers })).status;
    expect(await statusOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe(400);
    expect(await statusOf('{"code":')).toBe(400);
    expect(await statusOf(JSON.stringify({ code: 'x'.repeat(20_000) }))).toBe(413);
    expect(await statusOf('{}', { 'content-type': 'application/json; charset=utf-16' })).toBe(415);
    expect(await statusOf('code=x', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
    expect(asked).toEqual([]);
  });

  it('is for admins only', async () => {
    const { system } = await startPractice();
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/replay'],
      ['POST', '/drop'],
    ] as const) {
      expect((await system.ask(`/api/system/dead-letters${path}`, { method })).status).toBe(403);
      expect((await fetch(`${system.url}/api/system/dead-letters${path}`, { method })).status).toBe(401);
    }
  });

  it('is not a way to the inner pages of services', async () => {
    const { system } = await startPractice();
    expect((await system.ask('/system/dead-letters')).status).toBe(404);
  });
});
