import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigurationError, processEnvironment, readEnvironment } from './config.js';
import { createLogger } from './observe/log.js';

/** Values that nobody else may know, by the variable that each stands for. */
export type Secrets = Record<string, string>;

/** What a process is told of its store by the environment: where its own sidecar is, and which of its components is asked. */
const storeEnvironment = processEnvironment.pick({ LOG_LEVEL: true, SECRET_STORE: true }).extend({
  DAPR_HTTP_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  DAPR_API_TOKEN: z.string().optional(),
});

export interface SecretStoreAddress {
  /** The sidecar's HTTP port on this host. */
  httpPort: number;
  apiToken?: string;
  /** The component's name in the sidecar (components/secrets.yaml). */
  component: string;
}

/** Longest wait for one answer of the sidecar, in milliseconds. */
const answerMsMax = 5_000;
/** Longest pause between two questions to a sidecar that is away, in milliseconds: it mostly starts at the same time. */
const pauseMsMax = 250;

const texts = z.record(z.string(), z.string());
const refusal = z.object({ errorCode: z.string().default('UNKNOWN'), message: z.string().default('') });

/**
 * The environment with the secrets of a process, which its own sidecar reads from the store: those of the process `patient`
 * stand there together, under `patient`. Waits for as long as the sidecar or the store is away. Without SECRET_STORE
 * there is no store, and the environment holds all.
 *
 * @throws ConfigurationError when the store has nothing under this name, does not let it be read, or when a secret stands in
 * the environment as well
 */
export async function withSecrets(process: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { SECRET_STORE, DAPR_HTTP_PORT, DAPR_API_TOKEN, LOG_LEVEL } = readEnvironment(storeEnvironment, env);
  if (SECRET_STORE === undefined) return env;
  if (DAPR_HTTP_PORT === undefined) {
    throw new ConfigurationError(['DAPR_HTTP_PORT: SECRET_STORE needs the port of the sidecar']);
  }
  const log = createLogger(process, LOG_LEVEL);
  const address = { httpPort: DAPR_HTTP_PORT, apiToken: DAPR_API_TOKEN, component: SECRET_STORE };
  const secrets = await untilRead(
    () => readSecrets(address, process),
    (why, tries) => log.warn({ why, tries }, 'the secret store does not answer; it is asked again'),
  );
  const twice = Object.keys(secrets).filter((name) => env[name] !== undefined);
  if (twice.length > 0) {
    throw new ConfigurationError(
      twice.map((name) => `${name}: comes from the secret store; take it out of the environment`),
    );
  }
  return { ...env, ...secrets };
}

/** It is told after some five seconds, and then every half a minute, lest a log be full of it. */
const [toldAt, toldEvery] = [20, 120];

async function untilRead(read: () => Promise<Secrets>, away: (why: string, tries: number) => void): Promise<Secrets> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      if (tries % toldEvery === toldAt) away(messageOf(error), tries);
      await delay(Math.min(25 * 2 ** tries, pauseMsMax));
    }
  }
}

/**
 * Asks the sidecar once for all secrets of a process.
 * @throws ConfigurationError when asking again would be answered alike, and any other Error when the sidecar or the store is away
 */
export async function readSecrets(address: SecretStoreAddress, process: string): Promise<Secrets> {
  const { httpPort, apiToken, component } = address;
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${httpPort}/v1.0/${path}`, {
      headers: apiToken ? { 'dapr-api-token': apiToken } : {},
      signal: AbortSignal.timeout(answerMsMax),
    });
  // Before this it answers as if it had no store.
  const health = await ask('healthz/outbound');
  await health.body?.cancel();
  if (!health.ok) throw new Error('the sidecar is not ready');
  const answer = await ask(`secrets/${component}/${process}`);
  const body = parseJson(await answer.text());
  const of = `the secret "${process}" of the store "${component}"`;
  if (answer.status === 200) {
    const secrets = texts.safeParse(body);
    if (!secrets.success) throw new ConfigurationError([`SECRET_STORE: ${of} is not made of texts by name`]);
    if (Object.keys(secrets.data).length > 0) return secrets.data;
  }
  if (answer.status === 200 || answer.status === 204) throw new ConfigurationError([`SECRET_STORE: ${of} is empty`]);
  const { errorCode, message } = refusal.safeParse(body).data ?? { errorCode: 'UNKNOWN', message: '' };
  if (/^ERR_SECRET_STORES?_NOT/.test(errorCode)) {
    throw new ConfigurationError([`SECRET_STORE: the sidecar has no component "${component}"`]);
  }
  if (answer.status === 401) throw new ConfigurationError(['DAPR_API_TOKEN: the sidecar does not take it']);
  const isAbsent = /not found|not exist/i.test(message);
  if (isAbsent)
    throw new ConfigurationError([`SECRET_STORE: there is no ${of.slice(4)}; put it there, under this name`]);
  if (answer.status === 403 || /forbidden|permission denied/i.test(message)) {
    throw new ConfigurationError([
      `SECRET_STORE: this process may not read ${of} (${errorCode}); let its sidecar read it`,
    ]);
  }
  throw new Error(`the sidecar answered ${answer.status} ${errorCode}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of `fetch failed` the cause says more. */
function messageOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string } };
  return [message, cause?.code].filter(Boolean).join(': ');
}
