import { describe, expect, it } from 'vitest';
import { resolveStatus } from './status.js';

describe('resolveStatus', () => {
  it.each([
    // own, override, current, resolved
    ['UP', undefined, undefined, 'UP'],
    ['OUT_OF_SERVICE', undefined, undefined, 'OUT_OF_SERVICE'],
    ['DOWN', 'OUT_OF_SERVICE', 'UP', 'DOWN'],
    ['STARTING', 'OUT_OF_SERVICE', 'UP', 'STARTING'],
    ['UNKNOWN', 'OUT_OF_SERVICE', 'UP', 'UNKNOWN'],
    ['UP', 'OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE'],
    ['UP', 'DOWN', undefined, 'DOWN'],
    ['OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE', 'UP'],
    ['UP', undefined, 'OUT_OF_SERVICE', 'OUT_OF_SERVICE'],
    ['OUT_OF_SERVICE', undefined, 'UP', 'UP'],
    ['UP', undefined, 'DOWN', 'UP'],
    ['UP', undefined, 'STARTING', 'UP'],
    ['UP', undefined, 'UNKNOWN', 'UP'],
  ] as const)('own %s, override %s, current %s: %s', (own, override, current, resolved) => {
    expect(resolveStatus(own, { override, current })).toBe(resolved);
  });
});
