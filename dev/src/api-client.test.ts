import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** @returns its address, and what it was asked, by method, path and Idempotency-Key */
async function gatewayThatAnswers(...answers: [status: number, body: object][]) {
  const asked: unknown[][] = [];
  const server = createServer((req, res) => {
    asked.push([req.method, req.url, req.headers['idempotency-key']]);
    const [status, body] = answers.shift() ?? [500, {}];
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

it('asks again with the same key while the practice is not available, so that what it asked for is done once', async () => {
  const { base, asked } = await gatewayThatAnswers(
    [200, { accessToken: 'token' }],
    [503, { code: 'NEIGHBOUR.UNAVAILABLE' }],
    [201, { id: 'one' }],
  );
  const client = await ApiClient.signIn(base, 'somebody@cabinet.test', 'secret');
  expect(await client.send('POST', '/api/patients', {})).toEqual({ id: 'one' });
  const [, first, second] = asked;
  expect(first).toEqual(['POST', '/api/patients', expect.stringMatching(/./)]);
  expect(second).toEqual(first);
});

it('asks again with the same key when it is not known what became of it', async () => {
  const { base, asked } = await gatewayThatAnswers(
    [200, { accessToken: 'token' }],
    [504, { code: 'GATEWAY.TIMEOUT' }],
    [409, { code: 'REQUEST.IN_FLIGHT' }],
    [201, { id: 'one' }],
    [504, { code: 'GATEWAY.TIMEOUT' }],
  );
  const client = await ApiClient.signIn(base, 'somebody@cabinet.test', 'secret');
  expect(await client.send('POST', '/api/patients', {})).toEqual({ id: 'one' });
  expect(new Set(asked.slice(1).map((each) => JSON.stringify(each))).size).toBe(1);
  // There is no key with which a change could be sent twice.
  await expect(client.send('PUT', '/api/patients/1', {})).rejects.toThrow('504 GATEWAY.TIMEOUT');
});

it('says in a line that nobody is there', async () => {
  const { base } = await gatewayThatAnswers();
  for (const stop of stops.splice(0)) stop();
  const signIn = ApiClient.signIn(base, 'somebody@cabinet.test', 'secret');
  await expect(signIn).rejects.toThrow(`${base} cannot be reached: connect ECONNREFUSED`);
  await expect(ApiClient.signIn('foo', 'somebody@cabinet.test', 'secret')).rejects.toThrow('foo cannot be reached: ');
});

it('says what was refused, and does not ask again', async () => {
  const { base, asked } = await gatewayThatAnswers([401, { code: 'AUTH.WRONG', title: 'Wrong' }]);
  const signIn = ApiClient.signIn(base, 'somebody@cabinet.test', 'secret');
  await expect(signIn).rejects.toThrow('POST /api/auth/login answered 401 AUTH.WRONG: Wrong');
  expect(asked).toHaveLength(1);
});
