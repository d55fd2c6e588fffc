import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMock } from './mock.ts';
import { patients, practitioners } from './people.ts';

let address: string;
let authorization: string;

beforeAll(async () => {
  const mock = createMock();
  const server = createServer((req, res) => {
    if (!mock(req, res)) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  authorization = `Bearer ${(await signIn('secretary@cabinet.test')).access_token}`;
  return () => void server.close();
});

const atBrowser = { cookie: 'mock-person=alice@cabinet.test' };

async function leadsTo(path: string, headers: Record<string, string> = {}): Promise<URL> {
  const answer = await fetch(address + path, { redirect: 'manual', headers });
  return new URL(answer.headers.get('location') ?? 'none:');
}

async function exchange(words: Record<string, string>) {
  const answer = await fetch(`${address}/api/oidc/token`, { method: 'POST', body: new URLSearchParams(words) });
  return { status: answer.status, ...(await answer.json()) };
}

async function signIn(email: string) {
  const back = await leadsTo(`/api/oidc/auth?state=s&nonce=n&chosen=${email}`);
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: 's', iss: `${address}/api/oidc` });
  return exchange({ grant_type: 'authorization_code', code: back.searchParams.get('code') as string });
}

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(address + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const fault = (words: Record<string, string>) =>
  fetch(`${address}/mock/faults`, { method: 'POST', body: new URLSearchParams(words), redirect: 'manual' });
const clear = () => fetch(`${address}/mock/clear`, { method: 'POST', redirect: 'manual' });

describe('the mock of the practice', () => {
  it('signs in whoever is chosen, knows the browser again, and gives a code and a refresh token once', async () => {
    const back = await leadsTo('/api/oidc/auth?state=s&nonce=n&chosen=alice@cabinet.test');
    const code = back.searchParams.get('code') as string;
    const tokens = await exchange({ grant_type: 'authorization_code', code });
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ email: 'alice@cabinet.test', nonce: 'n' });
    expect(await exchange({ grant_type: 'authorization_code', code })).toMatchObject({ status: 400 });
    const renewing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect(await exchange(renewing)).toMatchObject({ status: 200 });
    expect(await exchange(renewing)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect((await leadsTo('/api/oidc/auth?prompt=none', atBrowser)).searchParams.get('code')).toBeTruthy();
    expect((await leadsTo('/api/oidc/auth?prompt=none')).searchParams.get('error')).toBe('login_required');
  });

  it('books what is free once, and refuses it the second time with the nearest that are', async () => {
    const [practitioner, other] = [practitioners[1], practitioners[2]];
    const type = practitioner?.appointmentTypes[0]?.id;
    const [from, to] = [new Date(), new Date(Date.now() + 7 * 24 * 3_600_000)].map((each) => each?.toISOString());
    const slots = await ask(
      'GET',
      `/api/slots?practitionerId=${practitioner?.id}&appointmentTypeId=${type}&from=${from}&to=${to}`,
    );
    const { start } = slots.body.items[0];
    const wanted = { patientId: patients[3]?.id, practitionerId: practitioner?.id, appointmentTypeId: type, start };
    const booked = await ask('POST', '/api/appointments', wanted);
    expect([booked.status, booked.headers.get('etag')]).toEqual([201, '"v1"']);
    const again = await ask('POST', '/api/appointments', wanted);
    expect([again.status, again.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect(again.body.nextFreeSlots.length).toBeGreaterThan(0);
    const cancel = (version: string | undefined) =>
      ask(
        'POST',
        `/api/appointments/${booked.body.id}/cancel`,
        { reason: 'ill' },
        version ? { 'if-match': version } : {},
      );
    expect((await cancel(undefined)).status).toBe(428);
    expect((await cancel('"v1"')).body).toMatchObject({ status: 'cancelled', version: 2 });
    expect((await cancel('"v1"')).status).toBe(412);
    expect((await ask('GET', `/api/practitioners/${other?.id}`)).body.familyName).toBe(other?.familyName);
  });

  it.each(['409', '412', '422', '428', '429', '503'])(
    'answers %s where that is wanted, as often as is wanted',
    async (status) => {
      const path = `/api/patients/${patients[0]?.id}`;
      await fault({ operation: 'GET /api/patients/{id}', answers: status, times: '1' });
      const refused = await ask('GET', path);
      expect(refused.body).toMatchObject({
        status: Number(status),
        code: expect.any(String),
        requestId: expect.any(String),
      });
      expect(refused.headers.get('retry-after')).toBe(['429', '503'].includes(status) ? '5' : null);
      expect((await ask('GET', path)).status).toBe(200);
    },
  );

  it('breaks off, is late, and ends sign-ins where that is wanted', async () => {
    await fault({ operation: '*', answers: 'offline' });
    await expect(ask('GET', '/api/practitioners')).rejects.toThrow('fetch failed');
    await fault({ operation: '*', answers: '', delayMs: '300' });
    const began = performance.now();
    expect((await ask('GET', '/api/practitioners')).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(290);
    await clear();
    const own = `Bearer ${(await signIn('admin@cabinet.test')).access_token}`;
    await fetch(`${address}/mock/end-sessions`, { method: 'POST', redirect: 'manual' });
    expect((await ask('GET', '/api/practitioners', undefined, { authorization: own })).status).toBe(401);
    expect((await leadsTo('/api/oidc/auth?prompt=none', atBrowser)).searchParams.get('error')).toBe('login_required');
    authorization = `Bearer ${(await signIn('secretary@cabinet.test')).access_token}`;
  });

  it('tells what changes in agendas, and whoever comes back what they missed', async () => {
    const [, practitioner] = practitioners;
    const path = `/api/appointments/agendas/changes?practitionerIds=${practitioner?.id}`;
    const follow = async (headers: Record<string, string> = {}) => {
      const answer = await fetch(address + path, { headers: { authorization, ...headers } });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      const hears = async (wanted: RegExp) => {
        while (!wanted.test(text)) text += (await reader?.read())?.value;
        return wanted.exec(text)?.groups?.id as string;
      };
      return { status: answer.status, hears, stop: () => reader?.cancel() };
    };
    const items = `/api/appointments?practitionerId=${practitioner?.id}`;
    const booked = (await ask('GET', items)).body.items.find((each: { status: string }) => each.status === 'booked');
    const change = (verb: string, version: number) =>
      ask('POST', `/api/appointments/${booked.id}/${verb}`, {}, { 'if-match': `"v${version}"` });
    const first = await follow();
    await first.hears(/event: open/);
    await change('arrive', 1);
    const id = await first.hears(/id: (?<id>\d+)\nevent: agenda\n/);
    await first.stop();
    await change('complete', 2);
    const again = await follow({ 'last-event-id': id });
    expect(Number(await again.hears(/id: (?<id>\d+)\nevent: agenda\n/))).toBe(Number(id) + 1);
    await again.stop();
    const late = await follow({ 'last-event-id': '999' });
    await late.hears(/event: reset/);
    await late.stop();
    expect((await follow({ authorization: 'Bearer none' })).status).toBe(401);
  });

  it('says of what it does not know that it does not', async () => {
    expect((await ask('GET', '/api/nothing')).body).toMatchObject({ status: 501, code: 'MOCK.NOT_MADE' });
  });
});
