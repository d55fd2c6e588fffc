import { DomainError } from '@cabinet/kit/errors';
import { drop, readJson } from '../instances/read-whole.js';
import { circuitOpen, noInstance } from '../proxy/faults.js';
import { CircuitOpen } from '../resilience.js';
import type { OpenApiDocument } from './openapi.js';
import type { PageParts } from './page-parts.js';

const timeoutMs = 5_000;
const documentBytesMax = 8 * 1024 * 1024;

/** Fetches the API document of a service from one of its instances. */
export function createOpenApiReader({ upstreams, resilience }: Pick<PageParts, 'upstreams' | 'resilience'>) {
  async function fetchFromInstance(service: string): Promise<OpenApiDocument> {
    const upstream = upstreams.choose(service);
    if (!upstream) throw noInstance(service);
    const { statusCode, body } = await upstream.pool.request({
      method: 'GET',
      path: '/openapi.json',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (statusCode !== 200) {
      drop(body);
      throw new Error(`the service answered ${statusCode}`);
    }
    const document = (await readJson(body, documentBytesMax)) as OpenApiDocument;
    if (typeof document !== 'object' || document === null || typeof document.paths !== 'object') {
      throw new Error('the answer is not an OpenAPI document');
    }
    return document;
  }

  /** @throws DomainError 502 or 503 when there is none to be had. */
  return async (service: string): Promise<OpenApiDocument> => {
    try {
      const holder = await resilience.of(service).run(async () => ({
        blamesService: false,
        mayRepeat: 'no' as const,
        document: await fetchFromInstance(service),
      }));
      return holder.document;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      if (error instanceof CircuitOpen) throw circuitOpen(service, error.retryAfterSeconds);
      throw new DomainError('bad-upstream-answer', 'GATEWAY.NO_DOCUMENT', 'The service gave no API document', {
        extensions: { service },
        cause: error,
      });
    }
  };
}
