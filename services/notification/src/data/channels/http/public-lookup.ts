import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../../../domain/channels/public-address.js';

/** Thrown where a connection would lead to an address that is not public. */
export class LeadsWithin extends Error {}

export type Resolve = (hostname: string, callback: (error: Error | null, found: LookupAddress[]) => void) => void;

const resolveByDns: Resolve = (hostname, callback) => lookup(hostname, { all: true }, callback);

/**
 * Looks a name up for the connection that is being made, so that what was checked is what is connected to, whatever the name leads to
 * a moment later. A name of which one address is not public is refused as a whole.
 */
export const publicLookup =
  (resolve: Resolve = resolveByDns): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, (error, found) => {
      if (error) return callback(error, []);
      if (!found.every(({ address }) => isPublicAddress(address))) return callback(new LeadsWithin(), []);
      if (options.all) return callback(null, found);
      const [first] = found;
      return callback(null, first?.address ?? '', first?.family);
    });
  };
