import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { plainAddress } from '@cabinet/kit/http/network';

export interface Caller {
  address: string;
  scheme: 'http' | 'https';
}

/** Addresses and networks, such as `10.0.0.0/8` or `::1`. */
export class Addresses {
  private readonly list = new BlockList();
  readonly isEmpty: boolean;

  /** @throws TypeError or RangeError for what is neither an address nor a network. */
  constructor(entries: readonly string[]) {
    this.isEmpty = entries.length === 0;
    for (const entry of entries) {
      const [address = '', bits] = entry.split('/');
      const family = familyOf(address);
      if (bits === undefined) this.list.addAddress(address, family);
      else this.list.addSubnet(address, Number(bits), family);
    }
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.list.check(address, familyOf(address));
  }
}

/**
 * Who calls. The word of a proxy counts only when the proxy is trusted; of a chain of them, the address that the first
 * one saw that is not trusted itself.
 */
export function callerOf(req: IncomingMessage, trustedProxies: Addresses): Caller {
  const peer = plainAddress(req.socket.remoteAddress ?? 'unknown');
  const scheme = (req.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  if (trustedProxies.isEmpty || !trustedProxies.has(peer)) return { address: peer, scheme };
  const hops = String(req.headers['x-forwarded-for'] ?? '').split(',');
  const address = hops.map((hop) => plainAddress(hop.trim())).findLast((hop) => isIP(hop) && !trustedProxies.has(hop));
  return {
    address: address ?? peer,
    scheme: req.headers['x-forwarded-proto'] === 'https' ? 'https' : scheme,
  };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
