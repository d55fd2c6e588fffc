import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { seededPassword } from '../../../dev/src/seed/index.ts';
import type { Answer } from '../http.ts';
import type { Random } from './random.ts';

/** Answers that say "not now": the same request is sent again. */
const isPassing = ({ status, body }: Answer): boolean =>
  status >= 500 || status === 429 || status === 408 || (status === 409 && body?.code === 'REQUEST.IN_FLIGHT');

/**
 * Somebody who wants an answer: sends a request again, with the same Idempotency-Key, until there is one that holds. Now and
 * then the connection is cut while the request is under way, as by a telephone that loses its network.
 */
export class PersistentCaller {
  answered = 0;
  repeated = 0;
  cut = 0;
  private token = '';

  private readonly base: string;
  private readonly login: string;
  private readonly random: Random;
  private readonly isOver: () => boolean;

  constructor(base: string, login: string, random: Random, isOver: () => boolean) {
    this.base = base;
    this.login = login;
    this.random = random;
    this.isOver = isOver;
  }

  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const key: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    for (let tries = 1; ; tries += 1) {
      const answer = await this.tryOnce(method, path, body, { ...headers, ...key });
      if (answer?.status === 401) this.token = '';
      else if (answer && !isPassing(answer)) {
        this.answered += 1;
        return answer;
      }
      if (this.isOver() && tries > 1_200) throw new Error(`${method} ${path} gets no answer: ${answer?.status}`);
      this.repeated += 1;
      await delay(50 + this.random.next() * 200);
    }
  }

  private async tryOnce(method: string, path: string, body: object | undefined, headers: Record<string, string>) {
    const cut = new AbortController();
    const isCut = method === 'POST' && this.random.next() < 0.15;
    if (isCut) setTimeout(() => cut.abort(), 1 + this.random.next() * 30);
    try {
      const authorization = await this.authorization();
      const response = await fetch(this.base + path, {
        method,
        headers: { authorization, ...(body && { 'content-type': 'application/json' }), ...headers },
        body: body && JSON.stringify(body),
        signal: AbortSignal.any([cut.signal, AbortSignal.timeout(30_000)]),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text } as Answer;
    } catch {
      // Refused, reset or cut: nobody knows whether it arrived, which is what the key is for.
      if (isCut) this.cut += 1;
      return undefined;
    }
  }

  private async authorization(): Promise<string> {
    if (this.token) return this.token;
    const response = await fetch(`${this.base}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${this.login}@cabinet.test`, password: seededPassword }),
    });
    if (!response.ok) throw new Error(`${this.login} cannot sign in now`);
    const { accessToken } = (await response.json()) as { accessToken: string };
    this.token = `Bearer ${accessToken}`;
    return this.token;
  }
}
