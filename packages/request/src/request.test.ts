import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import request, { type Answer, type RequestOptions } from './request.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/eureka/apps/`;
}

const ask = (method: keyof typeof request, options: RequestOptions) =>
  new Promise<{ answer?: Answer; body: unknown }>((resolve, reject) => {
    request[method](options, (error, answer, body) => (error ? reject(error) : resolve({ answer, body })));
  });

describe('a call of the registry client', () => {
  it('sends JSON below the base address with the headers given, and reads the answer of any status', async () => {
    const seen: unknown[] = [];
    const baseUrl = await serve(async (req, res) => {
      const sent = (await req.toArray()).join('');
      seen.push([req.method, req.url, req.headers['content-type'], req.headers.authorization, sent]);
      res.writeHead(404, { 'content-type': 'application/json' }).end('{"no":"instance"}');
    });
    const headers = { Authorization: 'Bearer x' };
    const { answer, body } = await ask('post', { baseUrl, uri: 'PATIENT', json: true, body: { a: 'é' }, headers });
    expect([answer?.statusCode, body]).toEqual([404, { no: 'instance' }]);
    expect(seen).toEqual([['POST', '/eureka/apps/PATIENT', 'application/json', 'Bearer x', '{"a":"é"}']]);
  });

  it.each(['get', 'put', 'delete'] as const)('by %s sends nothing when there is nothing to send', async (method) => {
    const sent: string[] = [];
    const baseUrl = await serve(async (req, res) => {
      sent.push(`${req.method} ${(await req.toArray()).join('')}`);
      res.end('text');
    });
    expect((await ask(method, { baseUrl, uri: '/PATIENT/1' })).body).toBe('text');
    expect(sent).toEqual([`${method.toUpperCase()} `]);
  });

  it('fails when nobody is there, when the answer takes too long, and when it is too long', async () => {
    await expect(ask('get', { baseUrl: 'http://127.0.0.1:1/', uri: 'x' })).rejects.toThrow('ECONNREFUSED');
    const silent = await serve(() => {});
    await expect(ask('get', { baseUrl: silent, uri: 'x', timeout: 20 })).rejects.toThrow(
      'ETIMEDOUT: no answer within 20 ms',
    );
    const endless = await serve((_req, res) => void res.end(Buffer.alloc(5 * 1024 * 1024)));
    await expect(ask('get', { baseUrl: endless, uri: 'x' })).rejects.toThrow('longer than');
  });
});
