import { describe, expect, it } from 'vitest';
import { deriveKey, open, seal } from './sealed.js';

const key = deriveKey('a secret of thirty-two characters', 'test');

describe('sealed text', () => {
  it('opens with the same key and label only', () => {
    const sealed = seal(key, 'kid-1', 'the private part');
    expect(open(key, 'kid-1', sealed)).toBe('the private part');
    expect(sealed.includes('private')).toBe(false);
    expect(() => open(key, 'kid-2', sealed)).toThrow();
    expect(() => open(deriveKey('another secret', 'test'), 'kid-1', sealed)).toThrow();
    expect(() => open(deriveKey('a secret of thirty-two characters', 'other purpose'), 'kid-1', sealed)).toThrow();
  });

  it('does not open once a bit of it has changed', () => {
    const sealed = seal(key, 'kid-1', 'the private part');
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => open(key, 'kid-1', changed)).toThrow();
    }
  });
});
