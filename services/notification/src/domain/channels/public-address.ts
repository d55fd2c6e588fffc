import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Unicast addresses that the registries have given out (RFC 4291, section 2.4); what else IPv6 has is of special use. */
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** True for an address on the public internet: not private, loopback, link-local, of a cloud's metadata, mapped, tunnelled ... */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(globalUnicast);
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Whether the operator has named this host, with a port or without, as one that may be anywhere and do without TLS. */
export const isOperators = ({ hostname, host }: URL, privateHosts: readonly string[]): boolean =>
  privateHosts.includes(host) || privateHosts.includes(bare(hostname));

/**
 * What is wrong with an address that a stranger gave, as far as it says so by itself; where a name leads to is looked at when it is
 * connected to. @returns undefined when nothing is
 */
export function addressProblem(text: string, privateHosts: readonly string[] = []): string | undefined {
  if (!URL.canParse(text)) return 'is no address';
  const url = new URL(text);
  if (url.username || url.password) return 'names a user or a password';
  if (isOperators(url, privateHosts) && (url.protocol === 'http:' || url.protocol === 'https:')) return undefined;
  if (url.protocol !== 'https:') return 'is not https';
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && !isPublicAddress(host)) return 'leads within';
  return undefined;
}
