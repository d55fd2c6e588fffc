import { DomainError } from '@cabinet/kit/errors';

export interface Target {
  /** Without the query. */
  path: string;
  /** With its question mark; empty when there is none. */
  query: string;
}

const targetCharactersMax = 8 * 1024;
// Nothing in such a path can be read in two ways, so it needs no further look.
const plainPath = /^\/$|^(?:\/[\w~!$&'()*+,;=:@-][\w~!$&'()*+,;=:@.-]*)+\/?$/;
const visibleAscii = /^[!-~]*$/;

/**
 * Reads the target of a request. A path that another program might read differently (dot segments, encoded or doubled
 * slashes, double encoding, backslashes, control characters) is refused, not repaired: access rules are decided on paths.
 * @throws DomainError 400 or 414.
 */
export function readTarget(url: string): Target {
  if (url.length > targetCharactersMax) {
    throw new DomainError('address-too-long', 'REQUEST.ADDRESS_TOO_LONG', 'The address is too long');
  }
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const query = queryAt < 0 ? '' : url.slice(queryAt);
  if (!plainPath.test(path)) refuseAmbiguous(path);
  if (!visibleAscii.test(query) || query.includes('#')) throw malformed();
  return { path, query };
}

function refuseAmbiguous(path: string): void {
  if (!path.startsWith('/') || !visibleAscii.test(path) || /[\\#]|\/\/|%2f|%5c/i.test(path)) throw malformed();
  const decoded = decode(path);
  if (hasControls(decoded) || /\\|%[0-9a-f]{2}/i.test(decoded)) throw malformed();
  // `..;x` is a dot segment to servers that know path parameters.
  if (decoded.split('/').some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) throw malformed();
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw malformed(); // not percent-encoded UTF-8; nothing else is thrown
  }
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || (code >= 127 && code < 160)) return true;
  }
  return false;
}

const malformed = () =>
  new DomainError('malformed', 'REQUEST.MALFORMED_PATH', 'The address is not valid', {
    detail: 'It must be an absolute path without dot segments, empty segments, encoded slashes or control characters.',
  });
