import { DomainError, type FieldError, InvalidInput, Unavailable } from '@cabinet/kit/errors';
import { currentContext } from '@cabinet/kit/http/request-context';
import { inSpan, traceHeaders } from '@cabinet/kit/observe/tracing';
import { z } from 'zod';

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
 * The neighbour's own answers of any status below 500 pass through unchanged, but for those that ask to try again later.
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
      const caller = currentContext()?.signal;
      let response: Response;
      try {
        response = await fetch(`http://127.0.0.1:${sidecar.httpPort}${pathname}${search}`, {
          method: request.method,
          headers,
          body: request.body ? await request.arrayBuffer() : undefined,
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(caller ? [caller] : [])]),
          redirect: 'manual',
        });
      } catch (error) {
        throw unreachable(appId, error);
      }
      if (response.status >= 500 || askingToRetry.has(response.status)) {
        await response.body?.cancel();
        throw unreachable(appId, new Error(`answered ${response.status}`));
      }
      return response;
    });
}

const askingToRetry = new Set([408, 425, 429]);

/** A neighbour took what we sent for wrong. Unless a use case knows whose input that was, it is a defect of ours: 500. */
export class NeighbourRefused extends Error {
  constructor(
    readonly appId: string,
    readonly status: number,
    /** The neighbour's own. */
    readonly code: string,
    /** Those of our request that were wrong; their messages hold no values. */
    readonly fields: FieldError[],
  ) {
    super(`${appId} answered ${status} ${code}${fields.map(({ path, code }) => `, ${path} ${code}`).join('')}`);
    this.name = 'NeighbourRefused';
  }
}

/**
 * For `catch`, where a neighbour was asked with what our caller sent in `path`: a refusal of that is told as one of the
 * caller's field (422), and everything else goes on.
 * @param asked the field of the neighbour's request that it was sent in
 */
export const asFaultOf =
  (path: string, asked = path) =>
  (error: unknown): never => {
    const fields = error instanceof NeighbourRefused ? error.fields.filter((field) => field.path === asked) : [];
    throw fields.length > 0 ? new InvalidInput(fields.map((field) => ({ ...field, path }))) : error;
  };

/**
 * Checks what a neighbour answered to a generated client: its contract tells what it means to send, not what it sent.
 * @returns undefined when the neighbour says there is no such thing (404, 410)
 * @throws NeighbourRefused when it refuses what was sent, and Unavailable (503) when it cannot be reached or its answer is
 * not of the form that is needed
 */
export async function answerOf<T>(
  appId: string,
  asked: Promise<{ data?: unknown; error?: unknown; response: Response }>,
  needed: z.ZodType<T>,
): Promise<T | undefined> {
  const { data, error, response } = await asked.catch((thrown) => {
    throw thrown instanceof DomainError ? thrown : unusable(appId, thrown);
  });
  if (response.status === 404 || response.status === 410) return undefined;
  if (response.status >= 400) throw refusedBy(appId, response.status, error);
  const answer = response.ok ? needed.safeParse(data) : undefined;
  if (answer?.success) return answer.data;
  throw unusable(appId, answer?.error ?? new Error(`answered ${response.status}`));
}

const problem = z.object({
  code: z.string(),
  fields: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).default([]),
});

function refusedBy(appId: string, status: number, body: unknown): NeighbourRefused {
  const { code, fields } = problem.safeParse(body).data ?? { code: 'UNKNOWN', fields: [] };
  return new NeighbourRefused(appId, status, code, fields);
}

const unusable = (appId: string, cause: unknown) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service did not give a usable answer`, { cause });

const unreachable = (appId: string, cause: unknown) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service cannot be reached`, {
    detail: 'Nothing was changed. Try again shortly.',
    retryAfterSeconds: 5,
    cause,
  });
