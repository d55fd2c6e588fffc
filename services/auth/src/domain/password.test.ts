import { describe, expect, it } from 'vitest';
import { BreachedPasswordList } from '../data/breached-passwords.js';
import { assertPasswordSuitable, normalisePassword } from './password.js';

const breached = new BreachedPasswordList();

const refusalOf = async (password: string, email = 'alice@cabinet.test') => {
  try {
    await assertPasswordSuitable(password, email, 'password', breached);
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
    ['qwertyuiop123', 'BREACHED'],
    ['QwertyUiop123', 'BREACHED'],
    ['Marseille2026', 'BREACHED'],
    ['**motdepasse**', 'BREACHED'],
    ['azertyuiopazertyuiop', 'BREACHED'],
    ['ｐａｓｓｗｏｒｄ1234', 'BREACHED'],
  ])('is refused: %s', async (password, code) => expect(await refusalOf(password)).toBe(code));

  it.each([
    'an old grey mare',
    'cabinet-demo-2026',
    '𝒶𝒷𝒸𝒹ℯ𝒻ℊ𝒽𝒾𝒿𝓀𝓁 and on',
    'x y z 1 2 '.repeat(12),
    'password of the third horse',
    '2026-11-23-08:30',
    '\n123456\n123456\n',
  ])('is taken: %s', async (password) => expect(await refusalOf(password)).toBeUndefined());

  it('does not mind a short name before the @ that happens to stand in it', async () =>
    expect(await refusalOf('a dragon sleeps here', 'dr@cabinet.test')).toBeUndefined());

  it('counts characters, not the bytes or halves they are stored in', async () =>
    expect(await refusalOf('🐴🐮🐷🐸🐵🐔🐧🐦🐤🐣🐥🦆')).toBeUndefined());

  it('is the same whichever way its letters were composed', () =>
    expect(normalisePassword('cafe\u0301')).toBe(normalisePassword('caf\u00e9')));
});
