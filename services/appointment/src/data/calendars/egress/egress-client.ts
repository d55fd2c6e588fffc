import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import { type AddressRules, assertMayCall, isPrivateAllowed, publicLookup } from './public-addresses.js';

export interface Call {
  method: string;
  url: URL;
  headers?: Record<string, string>;
  body?: string;
  bytesMax?: number;
  /** The operator has named this address, so it may be anywhere. */
  isOperators?: boolean;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** Where it came from, after redirects. */
  url: URL;
}

export interface EgressSettings extends AddressRules {
  /** For one try: from the connection to the last byte. */
  timeoutMs: number;
}

const usualBytesMax = 10 * 1024 * 1024;
const redirectsMax = 3;

/**
 * HTTP to addresses that strangers name: to the public internet only, as far as a bounded number of bytes, of time and of
 * redirects goes. Each connection is checked by the address that it is made to.
 */
export class EgressClient {
  private readonly agents = {
    open: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
    guarded: {
      http: new HttpAgent({ keepAlive: true, lookup: publicLookup }),
      https: new HttpsAgent({ keepAlive: true, lookup: publicLookup }),
    },
  };

  constructor(
    private readonly settings: EgressSettings,
    /** Ends all calls. */
    private readonly stopped: AbortSignal,
  ) {}

  /** @throws CalendarFailure when there is no whole answer */
  async send(call: Call): Promise<Reply> {
    const timedOut = AbortSignal.timeout(this.settings.timeoutMs);
    const signal = AbortSignal.any([timedOut, this.stopped]);
    let next = call;
    for (let redirects = 0; ; redirects += 1) {
      const reply = await this.sendOnce(next, signal, timedOut);
      const location = isRedirect(reply.status) ? reply.headers.location : undefined;
      if (location === undefined) return reply;
      if (redirects === redirectsMax) throw new CalendarFailure('CALENDAR.REDIRECTED');
      next = redirected(next, location);
    }
  }

  close(): void {
    for (const { http, https } of Object.values(this.agents)) {
      http.destroy();
      https.destroy();
    }
  }

  private async sendOnce(call: Call, signal: AbortSignal, timedOut: AbortSignal): Promise<Reply> {
    const { url, method, body, isOperators } = call;
    if (!isOperators) assertMayCall(url, this.settings);
    const agents = isOperators || isPrivateAllowed(url, this.settings) ? this.agents.open : this.agents.guarded;
    const isTls = url.protocol === 'https:';
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)(url, {
          method,
          signal,
          agent: isTls ? agents.https : agents.http,
          headers: {
            'user-agent': 'Cabinet',
            'accept-encoding': 'identity',
            ...call.headers,
            ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
          },
        });
        request.once('response', resolve).once('error', reject).end(body);
      });
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: await bodyOf(response, call.bytesMax ?? usualBytesMax),
        url,
      };
    } catch (error) {
      if (error instanceof CalendarFailure) throw error;
      throw new CalendarFailure(timedOut.aborted ? 'CALENDAR.TIMED_OUT' : 'CALENDAR.UNREACHABLE');
    }
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

// Credentials are for whom they were given to; and nothing that came over TLS goes on without it.
function redirected(call: Call, location: string): Call {
  const url = URL.canParse(location, call.url.href) ? new URL(location, call.url) : undefined;
  if (!url || (call.url.protocol === 'https:' && url.protocol !== 'https:')) {
    throw new CalendarFailure('CALENDAR.REDIRECTED');
  }
  if (url.origin === call.url.origin) return { ...call, url };
  const { authorization, ...headers } = call.headers ?? {};
  if (authorization !== undefined && call.method !== 'GET') throw new CalendarFailure('CALENDAR.REDIRECTED');
  return { ...call, url, headers, isOperators: false };
}

async function bodyOf(response: IncomingMessage, bytesMax: number): Promise<string> {
  const tooLarge = () => {
    response.destroy();
    return new CalendarFailure('CALENDAR.TOO_LARGE');
  };
  if (Number(response.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    response.destroy();
    throw new CalendarFailure('CALENDAR.UNREADABLE');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
