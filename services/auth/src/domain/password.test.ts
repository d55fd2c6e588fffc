import { describe, expect, it } from 'vitest';
import { BreachedPasswordList } from '../data/breached-passwords.js';
import { ChosenPasswords, normalisePassword, type Whose } from './password.js';

const hasher = {
  hash: async (password: string) => `hash of ${password}`,
  inTurn: <T>(work: () => Promise<T>) => work(),
};
const chosen = new ChosenPasswords(hasher, new BreachedPasswordList(), [
  'Maison de Santé du Moulin',
  'cabinet-martin.example',
]);

const refusalOf = async (password: string, whose: Partial<Whose> = {}) => {
  try {
    await chosen.assertSuitable(password, { email: 'alice@cabinet.test', ...whose }, 'password');
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

  const claire: Partial<Whose> = {
    email: 'c.lefevre-75@mail.example',
    names: ['Lefèvre', 'Claire Zoé'],
    phone: '+33639981234',
  };
  it.each([
    'cabinet-medical-75',
    'CabinetMédical2026!',
    'maisonduMOULIN75011',
    'Martin.Martin.Martin',
    'Dr Claire Lefèvre',
    'lefevre31011980',
    'clairezoe*1980*',
    '06 39 98 12 34 06',
    '+33639981234!!',
    'mail.example.75',
  ])('is refused when it is made of words of the practice or the person, and digits alone: %s', async (password) =>
    expect(await refusalOf(password, claire)).toBe('KNOWN_WORDS'),
  );

  it.each(['claire mange du moulin', 'the secretary of martins', '06 39 98 12 35 06', '31-01-1980-2026'])(
    'is taken with such words among others: %s',
    async (password) => expect(await refusalOf(password, claire)).toBeUndefined(),
  );

  it('does not mind a short name before the @ that happens to stand in it', async () =>
    expect(await refusalOf('a dragon sleeps here', { email: 'dr@cabinet.test' })).toBeUndefined());

  it('counts characters, not the bytes or halves they are stored in', async () =>
    expect(await refusalOf('🐴🐮🐷🐸🐵🐔🐧🐦🐤🐣🐥🦆')).toBeUndefined());

  it('is the same whichever way its letters were composed', () =>
    expect(normalisePassword('cafe\u0301')).toBe(normalisePassword('caf\u00e9')));
});
