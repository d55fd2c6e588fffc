import { IssuerNotBelieved, IssuerUnreachable } from '../../domain/errors-elsewhere.js';
import type { TrustedIssuer } from '../../domain/trusted-issuer.js';

/** More than any document of an issuer has. */
const bytesMax = 512 * 1024;

/** Where an issuer's documents may lead us, and browsers: its own hosts, and those that the operator names. */
export function hostsOf({ issuer, discovery, hosts }: TrustedIssuer): Set<string> {
  return new Set([new URL(issuer).host, new URL(discovery).host, ...hosts]);
}

/** @throws IssuerNotBelieved (401) for an address that the operator has not named, or that anybody could listen at */
export function assertOfIssuer(issuer: TrustedIssuer, address: string | URL): void {
  const { protocol, host } = new URL(address);
  const isSafe = protocol === 'https:' || issuer.issuer.startsWith('http:');
  if (!isSafe || !hostsOf(issuer).has(host)) throw new IssuerNotBelieved(`leads to ${protocol}//${host}`);
}

/** HTTP to an issuer's own hosts alone, without redirects, as far as a bounded number of bytes goes. */
export const fetchOf =
  (issuer: TrustedIssuer) =>
  async (address: string, options: RequestInit): Promise<Response> => {
    assertOfIssuer(issuer, address);
    const answer = await fetch(address, { ...options, redirect: 'manual' }).catch((cause) => {
      throw new IssuerUnreachable(cause);
    });
    if (answer.status >= 500) throw new IssuerUnreachable(`answers ${answer.status}`);
    const { status, headers } = answer;
    return new Response(await bytesOf(answer), { status, headers });
  };

async function bytesOf({ body }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > bytesMax) throw new IssuerNotBelieved('answers too much');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
