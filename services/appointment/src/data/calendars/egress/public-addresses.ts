import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';

/** Unicast addresses that the registries have given out (RFC 4291, section 2.4); what else IPv6 has is of special use. */
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** True for an address on the public internet: not private, loopback, link-local, of a cloud's metadata, mapped, tunnelled ... */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(globalUnicast);
}

export interface AddressRules {
  /** Hosts, with a port or without, that may be anywhere: the operator's own. */
  privateHosts: readonly string[];
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

export const isPrivateAllowed = ({ hostname, host }: URL, { privateHosts }: AddressRules): boolean =>
  privateHosts.includes(host) || privateHosts.includes(bare(hostname));

/** @throws CalendarFailure for `javascript:`, `mailto:` and all else that is neither http nor https */
export function assertIsWeb({ protocol }: URL): void {
  if (protocol !== 'https:' && protocol !== 'http:') throw new CalendarFailure('CALENDAR.ADDRESS_REFUSED');
}

/**
 * What an address names by itself: its scheme, and its host where that is an IP address (no name is looked up for one).
 * @throws CalendarFailure
 */
export function assertMayCall(url: URL, rules: AddressRules): void {
  assertIsWeb(url);
  if (url.username || url.password) throw new CalendarFailure('CALENDAR.ADDRESS_REFUSED');
  if (isPrivateAllowed(url, rules)) return;
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new CalendarFailure('CALENDAR.ADDRESS_REFUSED');
}

/**
 * A password goes nowhere without TLS but within this machine, where no network sees it; whether it may be called at all, the
 * operator says.
 * @throws CalendarFailure
 */
export function assertMaySignIn({ protocol, hostname }: URL): void {
  const host = bare(hostname);
  const isHere = ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
  if (protocol !== 'https:' && !isHere) throw new CalendarFailure('CALENDAR.NOT_ENCRYPTED');
}

/**
 * Looks a name up for the connection that is being made, so that what was checked is what is connected to. A name of which
 * one address is not public is refused as a whole.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, []);
    if (!found.every(({ address }) => isPublicAddress(address))) {
      return callback(new CalendarFailure('CALENDAR.ADDRESS_REFUSED'), []);
    }
    if (options.all) return callback(null, found);
    const [first] = found;
    return callback(null, first?.address ?? '', first?.family);
  });
};
