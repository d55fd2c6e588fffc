import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.js';
import { assertVersion, etagOf, versionFromIfMatch } from './etag.js';

/** Whether a change of version 3 may be made. */
function passes(ifMatch: string | undefined): boolean | string {
  try {
    assertVersion(versionFromIfMatch(ifMatch), 3);
    return true;
  } catch (error) {
    return (error as DomainError).code;
  }
}

describe('If-Match', () => {
  it.each([
    '"v3"',
    ' "v3" ',
    '*',
    ' * ',
    '"v2", "v3"',
    '"v3","v4"',
    '"other", "v3"',
    'W/"v3", "v3"',
    '"a, b", "v3"',
    ', "v3",',
  ])('%s passes for "v3"', (ifMatch) => expect(passes(ifMatch)).toBe(true));

  it.each([
    '"v2"',
    '"v2", "v4"',
    'W/"v3"',
    'v3',
    '',
    '3',
    '"v03x"',
    '"v3x"',
    '"*"',
    '"v3, v4"',
    'W/"v2", W/"v3"',
    '"v3"x',
    '"v3" "v4"',
    'x"v3"',
    '"v2", v3, "v3"x',
  ])('%s does not', (ifMatch) => expect(passes(ifMatch)).toBe('REQUEST.STALE_VERSION'));

  it('has to be there', () => {
    expect(passes(undefined)).toBe('REQUEST.IF_MATCH_REQUIRED');
    expect(passes(etagOf(3))).toBe(true);
  });
});
