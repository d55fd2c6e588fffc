import { DomainError, NotFound } from '@cabinet/kit/errors';
import { apiHeaderList } from '@cabinet/kit/http/api-headers';
import { Attempts } from '../proxy/attempts.js';
import type { Exchange } from '../proxy/exchange.js';
import { UpstreamFault } from '../proxy/faults.js';
import type { Forwarder } from '../proxy/forward.js';
import { requestHeaders } from '../proxy/headers.js';
import { endAnswer } from '../proxy/linger.js';

/**
 * What is known of one part. `unavailable` is never shown as nothing: a patient whose allergies cannot be read is not a
 * patient without allergies.
 */
export type Section =
  | { status: 'complete' | 'stale'; data: unknown }
  | { status: 'unavailable'; service: string; code: string }
  | { status: 'forbidden'; service: string };

const sectionMsMax = 3_000;

const overviewPath = /^\/api\/patients\/([\w-]+)\/overview$/;

/** @returns the id of the patient whose overview is asked for. */
export const overviewIdOf = (path: string): string | undefined => overviewPath.exec(path)?.[1];

/** `GET /api/patients/{id}/overview`: who it is, the next visits, the record and the alerts, each asked of its own service. */
export class Overview {
  constructor(private readonly forwarder: Forwarder) {}

  /** @throws NotFound when there is no such patient; DomainError (405) for another method than GET and HEAD. */
  async answer(exchange: Exchange, id: string): Promise<void> {
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      exchange.addHeaders(['Allow', 'GET, HEAD']);
      throw new DomainError('method-not-allowed', 'REQUEST.METHOD_NOT_ALLOWED', 'An overview is only read');
    }
    const from = encodeURIComponent(new Date().toISOString());
    const sections = {
      patient: ['patient', `/api/patients/${id}`],
      nextVisits: ['appointment', `/api/appointments?patientId=${id}&status=booked&from=${from}&limit=5`],
      record: ['record', `/api/records/${id}`],
      alerts: ['alert', `/api/alerts?patientId=${id}`],
    } as const;
    const headers = headersOf(exchange);
    const answered = await Promise.all(
      Object.entries(sections).map(async ([name, [service, path]]) => {
        return [name, await this.section(exchange, service, path, headers)] as const;
      }),
    );
    const body = JSON.stringify(Object.fromEntries(answered));
    const described = ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))];
    const own = ['Cache-Control', 'no-store', ...apiHeaderList, ...exchange.addedHeaders()];
    exchange.res.writeHead(200, [...described, ...own]);
    endAnswer(exchange.req, exchange.res, exchange.method === 'HEAD' ? undefined : body);
  }

  private async section(exchange: Exchange, service: string, path: string, headers: string[]): Promise<Section> {
    const attempts = new Attempts('GET');
    const limit = setTimeout(() => attempts.end(new UpstreamFault('late')), sectionMsMax);
    const giveUp = () => attempts.end(new UpstreamFault('abandoned'));
    exchange.res.once('close', giveUp);
    try {
      const { status, headers: told, body } = await this.forwarder.fetch(attempts, service, path, headers);
      if (status === 200 && body)
        return { status: told.warning ? 'stale' : 'complete', data: JSON.parse(String(body)) };
      if (status === 403) return { status: 'forbidden', service };
      if (status === 404 && service === 'patient') {
        throw new NotFound('PATIENT.NOT_FOUND', 'There is no such patient');
      }
      return { status: 'unavailable', service, code: codeOf(body) ?? `HTTP.${status}` };
    } catch (error) {
      if (error instanceof NotFound) throw error;
      return { status: 'unavailable', service, code: (error as { code?: string }).code ?? 'GATEWAY.BAD_ANSWER' };
    } finally {
      clearTimeout(limit);
      exchange.res.off('close', giveUp);
    }
  }
}

// The caller's own request brought conditions and ranges that were meant for the whole.
function headersOf(exchange: Exchange): string[] {
  const headers = requestHeaders(exchange.req, exchange);
  const passed: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (/^(?:if-|range$|accept)/.test(headers[i] as string)) continue;
    passed.push(headers[i] as string, headers[i + 1] as string);
  }
  return [...passed, 'accept', 'application/json'];
}

function codeOf(body: Buffer | undefined): string | undefined {
  try {
    return (JSON.parse(String(body)) as { code?: string }).code;
  } catch {
    return undefined; // not a problem body; the status says enough
  }
}
