import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { complete, getJson, register, startForTest } from './start.js';

const id = complete.instanceId;

/** Sends these bytes and gives back all that came until the other side closed. */
async function sendRaw(port: number, lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('HEAD', () => {
  it('is answered wherever GET is, as that is, without the body', async () => {
    const { url } = await startForTest();
    await register(url);
    const paths = ['/apps', '/apps/delta', '/apps/PATIENT', `/apps/PATIENT/${id}`, `/instances/${id}`, '/vips/patient'];
    const pages = ['/', '/drift', '/lastn', '/metrics', '/health/ready', '/assets/live.js'];
    for (const path of [...paths.map((each) => `/eureka${each}`), '/eureka/status', ...pages]) {
      const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity' };
      const read = await fetch(`${url}${path}`, { headers });
      const head = await fetch(`${url}${path}`, { method: 'HEAD', headers });
      expect([path, head.status, head.headers.get('content-type'), await head.text()]).toEqual([
        path,
        read.status,
        read.headers.get('content-type'),
        '',
      ]);
    }
    expect((await fetch(`${url}/eureka/apps/NOBODY`, { method: 'HEAD' })).status).toBe(404);
  });

  it('of what stays open ends at once, and counts as no reader', async () => {
    const { url } = await startForTest();
    for (const path of ['/eureka/changes', '/live']) {
      const answer = await fetch(`${url}${path}`, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^registry_feed_readers\S* 0$/m);
  });
});

describe('an answer', () => {
  it('is not sniffed, loads nothing and stands in no frame', async () => {
    const { url } = await startForTest();
    await register(url);
    for (const path of [
      '/eureka/apps',
      '/eureka/apps/NOBODY',
      '/eureka/status',
      '/metrics',
      '/health/ready',
      '/nothing',
    ]) {
      const { headers } = await fetch(url + path);
      const said = [headers.get('x-content-type-options'), headers.get('content-security-policy')];
      expect([path, ...said]).toEqual([path, 'nosniff', "default-src 'none'; frame-ancestors 'none'"]);
    }
  });
});

describe('a method that a path lacks', () => {
  it.each([
    ['DELETE', '/eureka/apps', 'GET, HEAD'],
    ['PATCH', '/eureka/v2/apps/PATIENT/', 'GET, HEAD, POST'],
    ['POST', '/eureka/apps/PATIENT/1?a=b', 'DELETE, GET, HEAD, PUT'],
    ['POST', '/eureka/changes', 'GET, HEAD'],
    ['PUT', '/health/live', 'GET, HEAD'],
  ])('%s %s is answered 405 with those it has', async (method, path, allowed) => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}${path}`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    expect((await fetch(`${url}/elsewhere`, { method })).status).toBe(404);
  });
});

describe('a request that two could read in two ways', () => {
  it.each<[number, ...string[]]>([
    [400, 'GET /eureka/apps HTTP/1.1', 'Host: a', 'Host: a'],
    [400, 'GET /eureka/apps HTTP/1.1', 'Host: user@a'],
    [400, 'GET /eureka/apps HTTP/1.1', 'Host: '],
    [400, 'GET /eureka/apps HTTP/1.1', 'Host: a', 'Authorization: Bearer a', 'Authorization: Bearer b'],
    [400, 'GET http://user@a/eureka/apps HTTP/1.1', 'Host: a'],
    [501, 'POST /eureka/apps/PATIENT HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked'],
    [505, 'GET /eureka/apps HTTP/2.0', 'Host: a'],
  ])('is answered %i, and its connection is closed: %s', async (status, ...lines) => {
    const { port } = await startForTest();
    expect(statusOf(await sendRaw(port, lines))).toBe(status);
  });

  it('is none when its target names the host', async () => {
    const { port } = await startForTest();
    const answer = await sendRaw(port, ['GET http://a:8761/eureka/apps HTTP/1.1', 'Host: b', 'Connection: close']);
    expect(statusOf(answer)).toBe(200);
  });
});

describe('the encoding of a body', () => {
  const post = async (url: string, type: string, body: Buffer<ArrayBuffer>) => {
    const answer = await fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    return [answer.status, await answer.text()];
  };
  const xml = (declared: string, name: string) =>
    `<?xml version="1.0"${declared}?><instance><instanceId>${id}</instanceId><hostName>${name}</hostName><app>patient</app>
    <ipAddr>127.0.0.1</ipAddr><dataCenterInfo><name>MyOwn</name></dataCenterInfo></instance>`;
  const stored = async (url: string) => (await getJson(url, '/apps')).applications.application[0]?.instance[0].hostName;

  it('is UTF-8: what is not is refused, in either language, and nothing is stored', async () => {
    const { url } = await startForTest();
    const json = JSON.stringify({ instance: { ...complete, hostName: 'Zoé' } });
    expect(await post(url, 'application/json', Buffer.from(json, 'latin1'))).toEqual([400, 'Send UTF-8']);
    expect(await post(url, 'application/xml', Buffer.from(xml('', 'Zoé'), 'latin1'))).toEqual([400, 'Send UTF-8']);
    const batch = { method: 'POST', body: Buffer.from('{"replicationList":[],"a":"\xff"}', 'latin1') };
    expect((await fetch(`${url}/eureka/peerreplication/batch`, batch)).status).toBe(400);
    expect(await stored(url)).toBeUndefined();
    expect(await post(url, 'application/json', Buffer.from(json))).toEqual([204, '']);
    expect(await stored(url)).toBe('Zoé');
  });

  it('that XML names must be that one', async () => {
    const { url } = await startForTest();
    for (const name of ['ISO-8859-1', 'UTF-16', 'windows-1252']) {
      // These bytes could be either, so only what is declared tells.
      const body = Buffer.from(xml(` encoding="${name}"`, 'host'));
      expect([name, ...(await post(url, 'application/xml', body))]).toEqual([name, 400, 'Send UTF-8']);
    }
    for (const name of ['UTF-8', 'utf-8', 'US-ASCII']) {
      const body = Buffer.from(xml(` encoding='${name}' standalone="yes"`, 'host'));
      expect([name, ...(await post(url, 'application/xml', body))]).toEqual([name, 204, '']);
    }
  });
});
