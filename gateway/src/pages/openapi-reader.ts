import { DomainError } from '@cabinet/kit';
import { noInstance, UpstreamFault } from '../proxy/faults.js';
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
    if (statusCode !== 200) throw new Error(`the service answered ${statusCode}`);
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > documentBytesMax) throw new Error('the document is too long');
    }
    const document = JSON.parse(Buffer.concat(parts).toString()) as OpenApiDocument;
    if (typeof document !== 'object' || document === null || typeof document.paths !== 'object') {
      throw new Error('the answer is not an OpenAPI document');
    }
    return document;
  }

  /** @throws DomainError 502 or 503 when there is none to be had. */
  return async (service: string): Promise<OpenApiDocument & { service?: never }> => {
    try {
      const holder = await resilience.of(service).run(async () => ({
        blamesService: false,
        mayRepeat: false,
        document: await fetchFromInstance(service),
      }));
      return holder.document;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('bad-upstream-answer', 'GATEWAY.NO_DOCUMENT', 'The service gave no API document', {
        extensions: { service },
        cause: error instanceof UpstreamFault ? error.cause : error,
      });
    }
  };
}
