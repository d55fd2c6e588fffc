import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problem.ts';

/** What an answer of the gateway says, of whatever shape; the callers know the routes they ask. */
// biome-ignore lint/suspicious/noExplicitAny: a JSON answer of any shape
export type Answer = any;

/** Speaks to the gateway as one signed-in person. */
export class ApiClient {
  readonly #base: string;
  readonly #token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  static async signIn(base: string, email: string, password: string): Promise<ApiClient> {
    const { accessToken } = await send(base, '', 'POST', '/api/auth/login', JSON.stringify({ email, password }));
    return new ApiClient(base, accessToken);
  }

  get(path: string): Promise<Answer> {
    return send(this.#base, this.#token, 'GET', path);
  }

  /** @param headers such as If-Match */
  send(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return send(this.#base, this.#token, method, path, JSON.stringify(body), headers);
  }

  sendCsv(path: string, csv: string | Buffer, charset = 'utf-8'): Promise<Answer> {
    return send(this.#base, this.#token, 'POST', path, csv, { 'content-type': `text/csv; charset=${charset}` });
  }
}

/** How often a request is repeated that is answered "not now": a minute or so, on a machine that is busy with starting. */
const triesMax = 30;
const pauseMs = 2_000;

/** True while it may be answered otherwise in a moment, and a repeat does it once, however often it was begun. */
const isPassing = (method: string, status: number, code?: string): boolean =>
  status === 503 ||
  ((method === 'GET' || method === 'POST') && (status === 502 || status === 504 || code === 'REQUEST.IN_FLIGHT'));

async function send(
  base: string,
  token: string,
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request: RequestInit = {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      // What is repeated is done once.
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...headers,
    },
    body: body as RequestInit['body'] | undefined,
  };
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(base + path, request).catch((error: Error) => {
      const why = (error.cause as Error | undefined)?.message ?? error.message;
      throw new Problem(`${base} cannot be reached: ${why}`);
    });
    const answer: Answer = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    if (isPassing(method, response.status, answer?.code) && tries < triesMax) {
      if (tries === 1) process.stderr.write('  … the practice is not available at the moment, trying again\n');
      await delay(pauseMs);
      continue;
    }
    const why = answer?.detail ?? answer?.title ?? '';
    // Of what went wrong on the other side the log says more, under this id.
    const id = response.status >= 500 && answer?.requestId ? ` (requestId ${answer.requestId})` : '';
    throw new Problem(`${method} ${path.split('?')[0]} answered ${response.status} ${answer?.code ?? ''}: ${why}${id}`);
  }
}
