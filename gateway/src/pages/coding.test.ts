import { describe, expect, it } from 'vitest';
import { type Coding, chooseCoding } from './coding.js';

const all: Coding[] = ['br', 'gzip', 'identity'];

describe('the coding of a file', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['BR;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip;q=0.001', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['br ; q=1.000', 'br'],
    ['identity, br;q=0.5', 'identity'],
    ['identity;q=0, br', 'br'],
    ['br;q=0', 'identity'],
    ['identity;q=0, *;q=0', 'identity'],
    ['br;q=2, gzip;q=high', 'identity'],
    ['zstd', 'identity'],
    ['', 'identity'],
    [undefined, 'identity'],
  ])('of %o is %s', (accepted, coding) => {
    expect(chooseCoding(accepted, all)).toBe(coding);
  });

  it('is one that the file is there in', () => {
    expect(chooseCoding('br', ['identity'])).toBe('identity');
    expect(chooseCoding('br, gzip;q=0.1', ['gzip', 'identity'])).toBe('gzip');
  });
});
