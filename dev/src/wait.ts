import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './problem.ts';

/** Tries until `attempt` resolves; when `signal` aborts, throws what the last attempt said. */
export async function until<T>(attempt: () => Promise<T>, signal: AbortSignal, pauseMs = 100): Promise<T> {
  let last: unknown = new Error('was never tried');
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      last = error;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  throw new Error(`not ready: ${messageOf(last)}`, { cause: last });
}

/** The answer of a GET that must have this status. */
export async function answers(url: string, status: number, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) }).catch((error) => {
    throw new Error(`${url} does not answer (${messageOf((error as Error).cause ?? error)})`);
  });
  if (response.status === status) return response;
  const body = await response.text();
  throw new Error(`${url} answers ${response.status} ${body.slice(0, 300)}`.trim());
}

/** Resolves when something on this machine takes a connection to the port. */
export function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
