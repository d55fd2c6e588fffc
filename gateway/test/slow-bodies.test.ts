import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { statusOf } from './support/raw.js';
import { startSystem } from './support/system.js';
import { answerOk, startUpstream } from './support/upstream.js';

const keyOf = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const patient = '0190a000-0000-7000-8000-000000000001';

/** A caller who has announced a body, and sends of it only what the test lets them. */
function announce(port: number, path: string, headers: string[]) {
  const socket: Socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (part) => {
    answer += part;
  });
  socket.on('error', () => {}); // the connection ends with the answer
  onTestFinished(() => void socket.destroy());
  socket.write([`POST ${path} HTTP/1.1`, 'Host: cabinet.test', ...headers, '', ''].join('\r\n'));
  return {
    send: (text: string) => void (socket.writable && socket.write(text)),
    status: () => statusOf(answer),
    code: () => /"code":"([^"]+)"/.exec(answer)?.[1],
  };
}

const announced = 280;
const many = <T>(make: () => T): T[] => Array.from({ length: announced }, make);

describe('bodies that come slowly', () => {
  it('of strangers hold no connection of a service, and are given up', async () => {
    const appointment = await startUpstream();
    const limitsFor = () => ({ bodyBytesMax: 8 * 1024, bodyMs: 2_000, timeoutMs: 10_000 });
    const system = await startSystem([], { limitsFor });
    await system.add('appointment', appointment);
    const path = '/api/calendars/google/notifications';
    const callers = many(() => announce(system.gateway.port, path, ['Content-Length: 8000']));
    for (const { send } of callers) send('x');
    expect((await system.ask('/api/appointments/1')).status).toBe(200);
    await eventually(() => expect(callers.filter(({ status }) => status() === 408)).toHaveLength(announced));
    expect(appointment.seen.map(({ url }) => url)).toEqual(['/api/appointments/1']);
    expect((await system.ask('/api/appointments/2')).status).toBe(200);
  });

  it('of strangers are refused at once when they are to be large', async () => {
    const auth = await startUpstream();
    const system = await startSystem();
    await system.add('auth', auth);
    for (const path of ['/api/auth/login', '/api/auth/refresh', '/api/auth/logout']) {
      const known = announce(system.gateway.port, path, ['Content-Length: 200000']);
      await eventually(() => expect([known.status(), known.code()]).toEqual([413, 'REQUEST.TOO_LARGE']));
      const unknown = announce(system.gateway.port, path, ['Transfer-Encoding: chunked']);
      unknown.send(`2001\r\n${'x'.repeat(0x2001)}\r\n`);
      await eventually(() => expect([unknown.status(), unknown.code()]).toEqual([413, 'REQUEST.TOO_LARGE']));
    }
    expect(auth.seen).toEqual([]);
  });

  it.each([
    ['of a known length', ['Content-Length: 200000'], `${'x'.repeat(70_000)}`],
    ['of an unknown length', ['Transfer-Encoding: chunked'], `11170\r\n${'x'.repeat(0x11170)}\r\n`],
  ])('of one user, large and %s, leave the service to the others', async (_of, headers, part) => {
    const record = await startUpstream();
    const limitsFor = () => ({ bodyBytesMax: 1024 * 1024, bodyMs: 60_000, timeoutMs: 60_000 });
    const system = await startSystem([], { limitsFor });
    await system.add('record', record);
    const callers = many(() =>
      announce(system.gateway.port, `/api/records/${patient}`, [`Authorization: Bearer ${system.token}`, ...headers]),
    );
    for (const { send } of callers) send(part);
    const refused = () => callers.filter(({ status }) => status() === 429);
    await eventually(() => expect(refused()).toHaveLength(announced - 8));
    expect(new Set(refused().map(({ code }) => code()))).toEqual(new Set(['REQUEST.TOO_MANY']));
    await eventually(() => expect(record.seen).toHaveLength(8));
    const other = await system.issuer.token({ subject: keyOf(2), roles: ['practitioner'] });
    const body = 'x'.repeat(100_000);
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${other}` } };
    expect((await fetch(`${system.url}/api/records/${patient}`, init)).status).toBe(200);
    // Their own small requests go on as well.
    expect((await system.ask(`/api/records/${patient}`)).status).toBe(200);
  });

  it('of many users together take a part of the connections of a service at most', async () => {
    const record = await startUpstream();
    const limitsFor = () => ({ bodyBytesMax: 1024 * 1024, bodyMs: 60_000, timeoutMs: 60_000 });
    const system = await startSystem([], { limitsFor });
    await system.add('record', record);
    await system.add('patient', await startUpstream());
    const tokens = await Promise.all(
      Array.from({ length: 70 }, (_, n) => system.issuer.token({ subject: keyOf(n + 10), roles: ['practitioner'] })),
    );
    const callers = tokens.map((token) =>
      announce(system.gateway.port, '/api/records', [`Authorization: Bearer ${token}`, 'Content-Length: 200000']),
    );
    const refused = () => callers.filter(({ status, code }) => status() === 503 && code() === 'GATEWAY.SERVICE_BUSY');
    await eventually(() => expect(refused()).toHaveLength(6));
    expect((await system.ask('/api/records/1')).status).toBe(200);
    const body = 'x'.repeat(100_000);
    expect((await system.ask('/api/patients', { method: 'POST', body })).status).toBe(200);
  });

  it('leave the place they had when they have been answered', async () => {
    const upstream = await startUpstream();
    const { ask } = await startSystem([upstream]);
    const body = 'x'.repeat(100_000);
    for (let n = 0; n < 20; n += 1) expect((await ask('/api/patients', { method: 'POST', body })).status).toBe(200);
  });

  it.each([
    ['small', 100],
    ['large', 200_000],
  ])('that are %s have one time for the whole: a part that comes does not give them more', async (_size, length) => {
    const upstream = await startUpstream();
    const limitsFor = () => ({ bodyBytesMax: 1024 * 1024, bodyMs: 500, timeoutMs: 60_000 });
    const { gateway, token, stateOf } = await startSystem([upstream], { limitsFor });
    const headers = [`Authorization: Bearer ${token}`, `Content-Length: ${length}`];
    const slow = announce(gateway.port, '/api/patients', headers);
    const dribble = setInterval(() => slow.send('x'), 20);
    onTestFinished(() => clearInterval(dribble));
    await eventually(() => expect([slow.status(), slow.code()]).toEqual([408, 'REQUEST.TOO_SLOW']));
    expect((await stateOf('patient')).breaker).toBe('closed');
  });

  it('wait for an answer that takes its time once they are whole', async () => {
    let answer = () => {};
    const upstream = await startUpstream((req, res) => {
      answer = () => answerOk(req, res);
    });
    const limitsFor = () => ({ bodyBytesMax: 1024 * 1024, bodyMs: 300, timeoutMs: 60_000 });
    const { ask } = await startSystem([upstream], { limitsFor });
    const asked = ask('/api/patients', { method: 'POST', body: 'x'.repeat(100_000) });
    await eventually(() => expect(upstream.seen).toHaveLength(1));
    const beganAt = performance.now();
    await eventually(() => expect(performance.now() - beganAt).toBeGreaterThan(400));
    answer();
    expect((await asked).status).toBe(200);
  });
});
