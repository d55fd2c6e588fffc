import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { addressProblem, isOperators } from '../../../domain/channels/public-address.js';
import { LeadsWithin, publicLookup } from './public-lookup.js';

export interface OutboundRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The operator has named this address, so it may be anywhere. */
  isOperators?: boolean;
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Its beginning: as much as says what it is. */
  body: string;
}

export interface OutboundSettings {
  /** From the connection to the last byte that is read. */
  timeoutMs: number;
  /** Hosts, with a port or without, that may be anywhere: the operator's own. */
  privateHosts: readonly string[];
  lookup?: LookupFunction;
}

export type NoAnswerKind = 'address-refused' | 'unreachable' | 'certificate' | 'cut-off' | 'timed-out' | 'stopped';

/** A request to which nobody answered. */
export class NoAnswer extends Error {
  constructor(
    readonly kind: NoAnswerKind,
    /** A connection was there, so it may have been read and done. */
    readonly mayHaveArrived: boolean,
  ) {
    super(kind);
  }
}

const bodyBytesMax = 64 * 1024;

/**
 * HTTP out of the practice. Redirects are never followed: what is sent is for whom it was addressed to. Addresses that strangers gave
 * lead to the public internet only, which is checked where the connection is made.
 */
export class Outbound {
  private readonly agents;

  constructor(private readonly settings: OutboundSettings) {
    const guard = { lookup: settings.lookup ?? publicLookup() };
    this.agents = {
      open: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
      guarded: {
        http: new HttpAgent({ keepAlive: true, ...guard }),
        https: new HttpsAgent({ keepAlive: true, ...guard }),
      },
    };
  }

  /** @throws NoAnswer */
  async send(asked: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
    const { url, method, body } = asked;
    const mayBeAnywhere = asked.isOperators || isOperators(url, this.settings.privateHosts);
    if (!mayBeAnywhere && addressProblem(url.href)) throw new NoAnswer('address-refused', false);
    const agents = mayBeAnywhere ? this.agents.open : this.agents.guarded;
    const isTls = url.protocol === 'https:';
    const timedOut = AbortSignal.timeout(this.settings.timeoutMs);
    let isConnected = false;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)(url, {
          method,
          signal: AbortSignal.any([timedOut, signal]),
          agent: isTls ? agents.https : agents.http,
          headers: {
            'user-agent': 'Cabinet',
            'accept-encoding': 'identity',
            ...asked.headers,
            ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
          },
        });
        request.once('socket', (socket) => {
          if (request.reusedSocket) isConnected = true;
          else
            socket.once(isTls ? 'secureConnect' : 'connect', () => {
              isConnected = true;
            });
        });
        request.once('response', resolve).once('error', reject).end(body);
      });
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: await beginningOf(response),
      };
    } catch (error) {
      if (signal.aborted) throw new NoAnswer('stopped', isConnected);
      if (timedOut.aborted) throw new NoAnswer('timed-out', isConnected);
      if (error instanceof LeadsWithin) throw new NoAnswer('address-refused', false);
      if (isConnected) throw new NoAnswer('cut-off', true);
      throw new NoAnswer(isOfCertificate(error) ? 'certificate' : 'unreachable', false);
    }
  }

  close(): void {
    for (const { http, https } of Object.values(this.agents)) {
      http.destroy();
      https.destroy();
    }
  }
}

const certificateCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_WRONG_VERSION_NUMBER/;

export const isOfCertificate = (error: unknown): boolean =>
  certificateCodes.test(String((error as NodeJS.ErrnoException).code ?? ''));

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bodyBytesMax) break;
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8');
}
