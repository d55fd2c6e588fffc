import { DomainError } from '../errors.js';

/** The strong entity tag of a version (RFC 9110 section 8.8.3): 3 gives `"v3"`. */
export const etagOf = (version: number): string => `"v${version}"`;

/** Which versions a change may be made on: one, one of several, whichever there is, or none as long as none is named. */
export type ExpectedVersion = number | readonly number[] | 'any' | 'unnamed';

// A weak tag never matches here (RFC 9110, section 13.1.1), and what no version of ours is called matches nothing.
const listed = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
const isList = /^[ \t,]*(?:(?:W\/)?"[^"]*"[ \t]*(?:,[ \t,]*|$))*$/;

/**
 * The versions named by an `If-Match` header: `*`, or a list of entity tags (RFC 9110, section 13.1.1). It refuses nothing:
 * whoever may not change a thing learns that first.
 */
export function versionFromIfMatch(ifMatch: string | undefined): ExpectedVersion {
  if (ifMatch === undefined) return 'unnamed';
  if (ifMatch.trim() === '*') return 'any';
  if (!isList.test(ifMatch)) return [];
  return Array.from(ifMatch.matchAll(listed)).flatMap(([, weak, tag = '']) => {
    const version = weak ? undefined : /^v(0|[1-9]\d{0,8})$/.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** @throws 428 when no version was named, 412 unless the stored one is one of those that are expected. */
export function assertVersion(expected: ExpectedVersion, stored: number): void {
  if (expected === 'unnamed') {
    throw new DomainError('precondition-required', 'REQUEST.IF_MATCH_REQUIRED', 'Say which version you are changing', {
      detail: 'Send the ETag of your last read as If-Match.',
    });
  }
  if (expected !== 'any' && ![expected].flat().includes(stored)) throw staleVersion();
}

export const staleVersion = (): DomainError =>
  new DomainError('precondition-failed', 'REQUEST.STALE_VERSION', 'Somebody changed this in the meantime', {
    detail: 'Read it again, look at what changed, and send your change with the new ETag.',
  });
