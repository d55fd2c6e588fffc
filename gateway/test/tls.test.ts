import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

function makeCertificate(folder: string, name: string) {
  const [keyFile, certFile] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-days',
    '1',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { keyFile, certFile };
}

async function startWithTls(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { keyFile, certFile } = makeCertificate(folder, 'first');
  const bodies: string[] = [];
  const patient = await startUpstream((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      bodies.push(body);
      res.end(JSON.stringify({ url: req.url }));
    });
  });
  const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_PORT: '0', ...env };
  const system = await startSystem(env.TLS_REDIRECT_PORT ? [] : [patient], {}, tls);
  const port = system.gateway.tlsPort as number;
  return { ...system, patient, bodies, folder, certFile, keyFile, port };
}

async function askHttp2(port: number, headers: Record<string, string>, body?: string) {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [answered] = await once(stream, 'response');
  let text = '';
  for await (const part of stream) text += part;
  session.close();
  return { headers: answered, text };
}

describe('over TLS', () => {
  it('HTTP/2 reaches services and pages, and its answers tell browsers to stay with TLS', async () => {
    const { port, token, patient, bodies } = await startWithTls();
    const authorization = `Bearer ${token}`;
    const read = await askHttp2(port, { ':path': '/api/patients/1', authorization });
    expect([read.headers[':status'], JSON.parse(read.text).url]).toEqual([200, '/api/patients/1']);
    expect(read.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    expect(patient.seen[0]?.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `127.0.0.1:${port}`,
    });

    const write = await askHttp2(port, { ':path': '/api/patients', ':method': 'POST', authorization }, '{"a":1}');
    expect([write.headers[':status'], bodies]).toEqual([200, ['', '{"a":1}']]);

    const health = await askHttp2(port, { ':path': '/health/live' });
    expect([health.headers[':status'], health.text]).toEqual([200, '{"status":"UP"}']);
    const nothing = await askHttp2(port, { ':path': '/nothing' });
    expect([nothing.headers[':status'], nothing.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await askHttp2(port, { ':path': '/metrics' })).headers[':status']).toBe(404);
    expect((await askHttp2(port, { ':path': '/api/patients/1' })).headers[':status']).toBe(401);
  });

  it('HTTP/1.1 is answered as well', async () => {
    const { port, token } = await startWithTls();
    const headers = { authorization: `Bearer ${token}` };
    const asked = request({
      port,
      host: '127.0.0.1',
      path: '/api/patients/1',
      headers,
      rejectUnauthorized: false,
    }).end();
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  it.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'secureConnect'],
    ['ECDHE-ECDSA-CHACHA20-POLY1305', 'secureConnect'],
    ['ECDHE-ECDSA-AES128-SHA', 'error'],
    ['ECDHE-ECDSA-AES256-SHA384', 'error'],
  ])('TLS 1.2 with %s ends in %s', async (ciphers, event) => {
    const { port } = await startWithTls();
    const only = { ciphers, maxVersion: 'TLSv1.2' } as const;
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...only });
    onTestFinished(() => void socket.destroy());
    const seen = await Promise.race(
      ['secureConnect', 'error'].map((each) => new Promise((resolve) => socket.once(each, () => resolve(each)))),
    );
    expect(seen).toBe(event);
  });

  it('requests are well-formed too: one host, named alike, and no body asked for that will be refused', async () => {
    const { port, token, patient } = await startWithTls();
    const authorization = `Bearer ${token}`;
    const asked = { ':path': '/api/patients/1', authorization };
    const statusFor = async (headers: Record<string, string>) => (await askHttp2(port, headers)).headers[':status'];
    await expect(statusFor({ ...asked, ':authority': 'user@a' })).rejects.toThrow('PROTOCOL_ERROR');
    expect(await statusFor({ ...asked, ':authority': 'a', host: 'b' })).toBe(400);
    expect(patient.seen).toEqual([]);
    const overTls = async (lines: string[]) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      onTestFinished(() => void socket.destroy());
      socket.write(`${[...lines, `Authorization: ${authorization}`].join('\r\n')}\r\n\r\n`);
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      await eventually(() => expect(text).toContain('HTTP/1.1'));
      return text.slice(0, 12);
    };
    expect(await overTls(['GET /api/patients/1 HTTP/1.1', 'Host: a', 'Host: a'])).toBe('HTTP/1.1 400');
    expect(await overTls(['GET /api/patients/1 HTTP/1.1', 'Host: a', 'X : a'])).toBe('HTTP/1.1 400');
    const large = ['POST /api/patients HTTP/1.1', 'Host: a', 'Content-Length: 9999999', 'Expect: 100-continue'];
    expect(await overTls(large)).toBe('HTTP/1.1 413');
    // What else a connection could change to is not asked of a service.
    const h2c = ['GET /api/patients/1 HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: h2c'];
    expect(await overTls(h2c)).toBe('HTTP/1.1 200');
    expect(patient.seen.at(-1)?.headers).not.toHaveProperty('upgrade');
  });

  it('a connection becomes a WebSocket', async () => {
    const { port, token, patient } = await startWithTls();
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    const lines = ['GET /api/patients/live HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket'];
    socket.write(`${[...lines, `Authorization: Bearer ${token}`].join('\r\n')}\r\n\r\n`);
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    // The service behind speaks no WebSocket and says so; that it was asked for one is what counts.
    await eventually(() => expect(text).toContain('/api/patients/live'));
    expect(patient.seen[0]?.headers).toMatchObject({ upgrade: 'websocket', 'x-forwarded-proto': 'https' });
  });

  it('a certificate that is replaced serves new connections, and one that cannot be read changes nothing', async () => {
    const { port, folder, certFile, keyFile } = await startWithTls();
    const nameShown = async () => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    expect(await nameShown()).toBe('first');
    const second = makeCertificate(folder, 'second');
    renameSync(second.keyFile, keyFile);
    renameSync(second.certFile, certFile);
    await eventually(async () => expect(await nameShown()).toBe('second'));
  });

  it('is where plain HTTP leads to, where that is configured, except for health', async () => {
    const { url } = await startWithTls({ TLS_REDIRECT_PORT: '443' });
    const moved = await fetch(`${url}/docs?a=b`, { redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([308, 'https://127.0.0.1/docs?a=b']);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('is where the API is alone: whoever sends a token in the clear is told so, and led nowhere', async () => {
    const { url, token } = await startWithTls({ TLS_REDIRECT_PORT: '443' });
    for (const path of ['/api/patients/1', '/api/auth/login', '/api/unknown']) {
      const init = { method: 'POST', redirect: 'manual', headers: { authorization: `Bearer ${token}` } } as const;
      const refused = await fetch(url + path, init);
      const { code, detail } = (await refused.json()) as { code: string; detail: string };
      expect([path, refused.status, code]).toEqual([path, 403, 'REQUEST.TLS_NEEDED']);
      expect(detail).toMatch(/https/);
      expect(refused.headers.get('location')).toBeNull();
    }
  });

  it('is said to be for the hosts below as well where that is configured alone', async () => {
    const told = async (env: Record<string, string>) => {
      const { port } = await startWithTls(env);
      return (await askHttp2(port, { ':path': '/health/live' })).headers['strict-transport-security'];
    };
    expect(await told({})).toBe('max-age=31536000');
    expect(await told({ HSTS_SUBDOMAINS: 'true' })).toBe('max-age=31536000; includeSubDomains');
  });
});
