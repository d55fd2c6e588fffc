import { describe, expect, it } from 'vitest';
import { readText } from './notification.js';

describe('the text of a notification', () => {
  it.each([
    ['kept as it was written', 'Douleur à l’épaule, depuis mardi', 'Douleur à l’épaule, depuis mardi'],
    ['without space at its ends', '  Fièvre\n', 'Fièvre'],
    ['in one form, however its accents were typed', 'Fie\u0300vre', 'Fièvre'],
  ])('is %s', (_, written, stored) => {
    expect(readText(written)).toBe(stored);
  });

  it.each(['', '  ', '\n', '\u200b'])('is refused when nobody can read it: %j', (text) => {
    expect(() => readText(text)).toThrow('The request breaks a rule');
  });
});
