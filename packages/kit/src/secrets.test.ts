import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigurationError } from './config.js';
import { listen } from './lifecycle.js';
import { withSecrets } from './secrets.js';

interface Answer {
  status: number;
  body?: unknown;
}

/** What a sidecar answers, one after the other, and the last one from then on; with what it was asked. */
async function sidecar(...answers: Answer[]) {
  const asked: { path?: string; token?: string | string[] }[] = [];
  let ready = true;
  const running = await listen(
    (req, res) => {
      if (req.url === '/v1.0/healthz/outbound') return void res.writeHead(ready ? 204 : 500).end();
      asked.push({ path: req.url, token: req.headers['dapr-api-token'] });
      const { status, body } = (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
    { host: '127.0.0.1', port: 0 },
  );
  onTestFinished(() => running.stop());
  const env = {
    DAPR_HTTP_PORT: String(running.port),
    DAPR_API_TOKEN: 'the-token',
    LOG_LEVEL: 'silent',
    SECRET_STORE: 'secrets',
  };
  const isReady = (now: boolean) => {
    ready = now;
  };
  return { asked, env, isReady };
}

const problemsOf = (reading: Promise<unknown>): Promise<string[]> =>
  reading.then(
    () => [],
    (error) => {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    },
  );

describe('the secrets of a process', () => {
  it('are asked of the own sidecar under its name, and stand beside its settings', async () => {
    const { env, asked } = await sidecar({
      status: 200,
      body: { DATABASE_URL: 'postgres://there', AUDIT_KEYS: 'a|b' },
    });
    const read = await withSecrets('patient', { ...env, APP_PORT: '9091' });
    expect(read).toEqual({ ...env, APP_PORT: '9091', DATABASE_URL: 'postgres://there', AUDIT_KEYS: 'a|b' });
    expect(asked).toEqual([{ path: '/v1.0/secrets/secrets/patient', token: 'the-token' }]);
  });

  it('stand in the environment where there is no store', async () => {
    expect(await withSecrets('patient', { DATABASE_URL: 'postgres://here' })).toEqual({
      DATABASE_URL: 'postgres://here',
    });
  });

  it('are waited for while the store does not answer', async () => {
    const away = { status: 500, body: { errorCode: 'ERR_SECRET_GET', message: 'dial tcp: connection refused' } };
    const { env, asked } = await sidecar(away, away, { status: 200, body: { KEY: 'value' } });
    expect(await withSecrets('patient', env)).toMatchObject({ KEY: 'value' });
    expect(asked).toHaveLength(3);
  });

  it('are waited for while the sidecar is not ready, which would say that it has no store', async () => {
    const { env, asked, isReady } = await sidecar({ status: 200, body: { KEY: 'value' } });
    isReady(false);
    const reading = withSecrets('patient', env);
    await expect(Promise.race([reading, new Promise((resolve) => setImmediate(resolve))])).resolves.toBeUndefined();
    expect(asked).toEqual([]);
    isReady(true);
    expect(await reading).toMatchObject({ KEY: 'value' });
  });

  it.each([
    [
      'are not there',
      { status: 500, body: { errorCode: 'ERR_SECRET_GET', message: 'secret patient not found' } },
      'SECRET_STORE: there is no secret "patient" of the store "secrets"; put it there, under this name',
    ],
    [
      'may not be read',
      { status: 403, body: { errorCode: 'ERR_PERMISSION_DENIED', message: 'access denied by policy' } },
      'SECRET_STORE: this process may not read the secret "patient" of the store "secrets" (ERR_PERMISSION_DENIED); let its sidecar read it',
    ],
    [
      'are not given to this account of the cluster',
      { status: 500, body: { errorCode: 'ERR_SECRET_GET', message: 'secrets "patient" is forbidden: cannot get' } },
      'SECRET_STORE: this process may not read the secret "patient" of the store "secrets" (ERR_SECRET_GET); let its sidecar read it',
    ],
    [
      'are in a store that the sidecar does not have',
      { status: 401, body: { errorCode: 'ERR_SECRET_STORE_NOT_FOUND', message: 'failed finding secret store' } },
      'SECRET_STORE: the sidecar has no component "secrets"',
    ],
    [
      'are asked for with a wrong token',
      { status: 401, body: 'invalid api token' },
      'DAPR_API_TOKEN: the sidecar does not take it',
    ],
    ['are none', { status: 204, body: '' }, 'SECRET_STORE: the secret "patient" of the store "secrets" is empty'],
    [
      'are no texts',
      { status: 200, body: { KEY: 7 } },
      'SECRET_STORE: the secret "patient" of the store "secrets" is not made of texts by name',
    ],
    [
      'are no JSON',
      { status: 200, body: 'hello' },
      'SECRET_STORE: the secret "patient" of the store "secrets" is not made of texts by name',
    ],
  ])('that %s stop it with a sentence that says what to do', async (_, answer, sentence) => {
    const { env } = await sidecar(answer);
    expect(await problemsOf(withSecrets('patient', env))).toEqual([sentence]);
  });

  it('that stand in the environment as well are refused, and not shown', async () => {
    const { env } = await sidecar({ status: 200, body: { AUDIT_KEYS: 'of the store' } });
    expect(await problemsOf(withSecrets('patient', { ...env, AUDIT_KEYS: 'of the environment' }))).toEqual([
      'AUDIT_KEYS: comes from the secret store; take it out of the environment',
    ]);
  });

  it('need to know where the sidecar is', async () => {
    expect(await problemsOf(withSecrets('patient', { SECRET_STORE: 'secrets' }))).toEqual([
      'DAPR_HTTP_PORT: SECRET_STORE needs the port of the sidecar',
    ]);
  });
});
