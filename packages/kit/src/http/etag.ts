import { DomainError } from '../errors.js';

/** The strong entity tag of a version (RFC 9110 section 8.8.3): 3 gives `"v3"`. */
export const etagOf = (version: number): string => `"v${version}"`;

/**
 * The version named by an `If-Match` header.
 * @throws 428 when the header is missing, 412 when it does not name one version of ours.
 */
export function versionFromIfMatch(ifMatch: string | undefined): number {
  if (ifMatch === undefined) {
    throw new DomainError('precondition-required', 'REQUEST.IF_MATCH_REQUIRED', 'Say which version you are changing', {
      detail: 'Send the ETag of your last read as If-Match.',
    });
  }
  const version = /^"v(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw staleVersion();
  return Number(version);
}

/** @throws 412 unless `expected` is the stored version. */
export function assertVersion(expected: number, stored: number): void {
  if (expected !== stored) throw staleVersion();
}

export const staleVersion = (): DomainError =>
  new DomainError('precondition-failed', 'REQUEST.STALE_VERSION', 'Somebody changed this in the meantime', {
    detail: 'Read it again, look at what changed, and send your change with the new ETag.',
  });
