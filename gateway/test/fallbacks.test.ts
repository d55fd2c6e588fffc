import { describe, expect, it } from 'vitest';
import { problemOf, startSystem } from './support/system.js';
import { answerStatus, startUpstream, type TestUpstream } from './support/upstream.js';

const json = (body: object): Parameters<typeof startUpstream>[0] =>
  answerStatus(200, { 'content-type': 'application/json', etag: '"v1"' }, JSON.stringify(body));

describe('while a service is away', () => {
  it('its reference data is given as it last was, marked as stale and with its age', async () => {
    const practitioner = await startUpstream(json({ items: [{ id: 'p-1' }] }));
    const system = await startSystem();
    await system.add('practitioner', practitioner);
    const live = await system.ask('/api/practitioners?limit=10');
    expect([live.headers.get('age'), live.headers.get('warning')]).toEqual([null, null]);
    await practitioner.stop();
    const stale = await system.ask('/api/practitioners?limit=10');
    expect([stale.status, await stale.json()]).toEqual([200, { items: [{ id: 'p-1' }] }]);
    expect(Number(stale.headers.get('age'))).toBeGreaterThanOrEqual(0);
    expect(stale.headers.get('warning')).toContain('Stale');
    expect(stale.headers.get('cache-status')).toContain('detail=stale');
    expect(stale.headers.get('etag')).toBe('"v1"');
    const byAlias = await system.ask('/api/doctors?limit=10');
    expect([byAlias.status, byAlias.headers.get('warning') !== null]).toEqual([200, true]);
  });

  it('an answer that was never had, a change, and another role get a 503, not a guess', async () => {
    const practitioner = await startUpstream(json({ items: [] }));
    const { add, ask, issuer, url } = await startSystem();
    await add('practitioner', practitioner);
    await ask('/api/practitioners');
    await practitioner.stop();
    expect((await ask('/api/practitioners?limit=1')).status).toBe(503);
    expect((await ask('/api/practitioners', { method: 'POST', body: '{}' })).status).toBe(503);
    const patient = { authorization: `Bearer ${await issuer.token({ roles: ['patient'] })}` };
    expect((await fetch(`${url}/api/practitioners`, { headers: patient })).status).toBe(503);
  });

  it('personal and medical data is never given from memory', async () => {
    const system = await startSystem();
    for (const [service, path] of [
      ['patient', '/api/patients/1'],
      ['record', '/api/records/1'],
      ['appointment', '/api/appointments'],
    ] as const) {
      const upstream = await startUpstream(json({ id: '1' }));
      await system.add(service, upstream);
      expect((await system.ask(path)).status).toBe(200);
      await upstream.stop();
      const answer = await system.ask(path);
      expect([answer.status, answer.headers.get('retry-after') !== null]).toEqual([503, true]);
      expect(await problemOf(answer)).toMatchObject({ service });
    }
  });
});

describe('GET /api/patients/{id}/overview', () => {
  const start = async (parts: Record<string, TestUpstream>) => {
    const system = await startSystem();
    for (const [service, upstream] of Object.entries(parts)) await system.add(service, upstream);
    return system;
  };
  const pathsOf = ({ seen }: TestUpstream) => seen.map(({ url }) => url.replace(/from=[^&]+/, 'from='));

  it('has each section of its own service, and says of each how far it can be trusted', async () => {
    const patient = await startUpstream(json({ id: '42', familyName: 'Moreau' }));
    const appointment = await startUpstream(json({ items: [{ id: 'a-1' }] }));
    const record = await startUpstream(answerStatus(403, { 'content-type': 'application/problem+json' }, '{}'));
    const { ask } = await start({ patient, appointment, record });
    const answer = await ask('/api/patients/42/overview', { headers: { 'if-none-match': '"v1"' } });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.json()).toEqual({
      patient: { status: 'complete', data: { id: '42', familyName: 'Moreau' } },
      nextVisits: { status: 'complete', data: { items: [{ id: 'a-1' }] } },
      record: { status: 'forbidden', service: 'record' },
      alerts: { status: 'unavailable', service: 'alert', code: 'GATEWAY.NO_INSTANCE' },
    });
    expect([...pathsOf(patient), ...pathsOf(appointment), ...pathsOf(record)]).toEqual([
      '/api/patients/42',
      '/api/appointments?patientId=42&status=booked&from=&limit=5',
      '/api/records/42',
    ]);
    expect(patient.seen[0]?.headers['if-none-match']).toBeUndefined();
    expect(patient.seen[0]?.headers.authorization).toMatch(/^Bearer /);
  });

  it('calls a section unavailable, never empty, when its service fails or answers nonsense', async () => {
    const patient = await startUpstream(json({ id: '42' }));
    const appointment = await startUpstream((req) => req.socket.destroy());
    const problem = { 'content-type': 'application/problem+json' };
    const record = await startUpstream(answerStatus(503, problem, '{"code":"STORAGE.UNAVAILABLE"}'));
    const alert = await startUpstream(answerStatus(200, { 'content-type': 'application/json' }, '<html>'));
    const { ask } = await start({ patient, appointment, record, alert });
    expect(await (await ask('/api/patients/42/overview')).json()).toEqual({
      patient: { status: 'complete', data: { id: '42' } },
      nextVisits: { status: 'unavailable', service: 'appointment', code: 'GATEWAY.BAD_ANSWER' },
      record: { status: 'unavailable', service: 'record', code: 'STORAGE.UNAVAILABLE' },
      alerts: { status: 'unavailable', service: 'alert', code: 'GATEWAY.BAD_ANSWER' },
    });
  });

  it('shows a section that is stale as stale', async () => {
    const stale = { 'content-type': 'application/json', warning: '110 - "Response is Stale"', age: '30' };
    const { ask } = await start({ patient: await startUpstream(answerStatus(200, stale, '{"id":"42"}')) });
    expect(await (await ask('/api/patients/42/overview')).json()).toMatchObject({
      patient: { status: 'stale', data: { id: '42' } },
    });
  });

  it('is a 404 for a patient who does not exist, and a 401 without a token', async () => {
    const patient = await startUpstream(answerStatus(404, { 'content-type': 'application/problem+json' }, '{}'));
    const { ask, url } = await start({ patient });
    expect((await ask('/api/patients/42/overview')).status).toBe(404);
    expect((await fetch(`${url}/api/patients/42/overview`)).status).toBe(401);
  });

  it('is read as HEAD does, too, and takes no other method', async () => {
    const patient = await startUpstream(json({ id: '42' }));
    const { ask } = await start({ patient });
    const head = await ask('/api/patients/42/overview', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask('/api/patients/42/overview', { method });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
      expect(await answer.json()).toMatchObject({ code: 'REQUEST.METHOD_NOT_ALLOWED' });
    }
  });
});
