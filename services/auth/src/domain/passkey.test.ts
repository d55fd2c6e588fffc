import { describe, expect, it } from 'vitest';
import { judgeCounter } from './passkey.js';

describe('the counter of a passkey', () => {
  it.each([
    [false, 0, 0, 'goes on'],
    [false, 0, 1, 'goes on'],
    [false, 7, 8, 'goes on'],
    [false, 7, 7, 'copied'],
    [false, 7, 3, 'copied'],
    [false, 7, 0, 'copied'],
    [true, 0, 0, 'goes on'],
    [true, 7, 0, 'fell'],
    [true, 7, 7, 'fell'],
    [true, 7, 9, 'goes on'],
  ])('of a key that is synced (%s), after %i shows %i: %s', (synced, counter, shown, verdict) =>
    expect(judgeCounter({ synced, counter }, shown)).toBe(verdict),
  );
});
