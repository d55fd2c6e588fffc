import { describe, expect, it } from 'vitest';
import { assertPasswordSuitable, normalisePassword } from './password.js';

const refusalOf = (password: string, email = 'alice@cabinet.test') => {
  try {
    assertPasswordSuitable(password, email, 'password');
    return undefined;
  } catch (error) {
    return (error as { fields: { code: string }[] }).fields[0]?.code;
  }
};

describe('a new password', () => {
  it.each([
    ['elevenchars', 'TOO_SHORT'],
    ['x'.repeat(129), 'TOO_LONG'],
    ['alice@cabinet.test', 'HOLDS_EMAIL'],
    ['my name is ALICE 1', 'HOLDS_EMAIL'],
    ['abcabcabcabcabc', 'TOO_SIMPLE'],
  ])('is refused: %s', (password, code) => expect(refusalOf(password)).toBe(code));

  it.each(['an old grey mare', 'cabinet-demo-2026', '𝒶𝒷𝒸𝒹ℯ𝒻ℊ𝒽𝒾𝒿𝓀𝓁', 'x y z 1 2 '.repeat(12)])(
    'is taken: %s',
    (password) => expect(refusalOf(password)).toBeUndefined(),
  );

  it('does not mind a short name before the @ that happens to stand in it', () =>
    expect(refusalOf('a dragon sleeps here', 'dr@cabinet.test')).toBeUndefined());

  it('counts characters, not the bytes or halves they are stored in', () =>
    expect(refusalOf('🐴🐮🐷🐸🐵🐔🐧🐦🐤🐣🐥🦆')).toBeUndefined());

  it('is the same whichever way its letters were composed', () =>
    expect(normalisePassword('cafe\u0301')).toBe(normalisePassword('caf\u00e9')));
});
