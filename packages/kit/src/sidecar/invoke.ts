import type { z } from 'zod';
import { DomainError, Unavailable } from '../errors.js';
import { currentContext } from '../http/request-context.js';
import { inSpan, traceHeaders } from '../observe/tracing.js';

export interface SidecarAddress {
  /** The sidecar's HTTP port on this host. */
  httpPort: number;
  apiToken?: string;
}

export interface NeighbourOptions {
  /** Longest time to wait for an answer, in milliseconds. */
  timeoutMs?: number;
}

/**
 * A `fetch` that reaches the neighbour `appId` through the own sidecar (Dapr service invocation), for the generated
 * clients: `patientClient({ baseUrl: 'http://patient', fetch: neighbour(sidecar, 'patient') })`.
 * The neighbour's own answers of any status below 500 pass through unchanged.
 * @throws Unavailable (503) when the sidecar or the neighbour cannot be reached, is too slow, or fails.
 */
export function neighbour(sidecar: SidecarAddress, appId: string, { timeoutMs = 3_000 }: NeighbourOptions = {}) {
  return (request: Request): Promise<Response> =>
    inSpan(`invoke ${appId}`, 'client', async (span) => {
      span.setAttribute('peer.service', appId);
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set('dapr-app-id', appId);
      if (sidecar.apiToken) headers.set('dapr-api-token', sidecar.apiToken);
      const requestId = currentContext()?.requestId;
      if (requestId) headers.set('x-request-id', requestId);
      for (const [name, value] of Object.entries(traceHeaders())) headers.set(name, value);
      let response: Response;
      try {
        response = await fetch(`http://127.0.0.1:${sidecar.httpPort}${pathname}${search}`, {
          method: request.method,
          headers,
          body: request.body ? await request.arrayBuffer() : undefined,
          signal: AbortSignal.timeout(timeoutMs),
          redirect: 'manual',
        });
      } catch (error) {
        throw unreachable(appId, error);
      }
      if (response.status >= 500 || response.status === 429) {
        await response.body?.cancel();
        throw unreachable(appId, new Error(`answered ${response.status}`));
      }
      return response;
    });
}

/**
 * Checks what a neighbour answered to a generated client: its contract tells what it means to send, not what it sent.
 * @returns undefined when the neighbour says there is no such thing (404, 410)
 * @throws Unavailable (503) when it cannot be reached or its answer is not of the form that is needed
 */
export async function answerOf<T>(
  appId: string,
  asked: Promise<{ data?: unknown; response: Response }>,
  needed: z.ZodType<T>,
): Promise<T | undefined> {
  const { data, response } = await asked.catch((error) => {
    throw error instanceof DomainError ? error : unusable(appId, error);
  });
  if (response.status === 404 || response.status === 410) return undefined;
  const answer = response.ok ? needed.safeParse(data) : undefined;
  if (answer?.success) return answer.data;
  throw unusable(appId, answer?.error ?? new Error(`answered ${response.status}`));
}

const unusable = (appId: string, cause: unknown) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service did not give a usable answer`, { cause });

const unreachable = (appId: string, cause: unknown) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service cannot be reached`, {
    detail: 'Nothing was changed. Try again shortly.',
    retryAfterSeconds: 5,
    cause,
  });
