import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasControlCharacter, tidyText } from './text.js';

describe('tidied text', () => {
  it.each([
    ['e\u0301lise', 'élise', 'in NFC'],
    ['Le\u200bfèvre', 'Lefèvre', 'without a zero-width space'],
    ['Le\u00adfèvre', 'Lefèvre', 'without a soft hyphen'],
    ['\ufeffLefèvre', 'Lefèvre', 'without a byte order mark'],
    ['Le\u2060fèvre', 'Lefèvre', 'without a word joiner'],
    ['Le\u200efè\u200fv\u061cre', 'Lefèvre', 'without marks of direction'],
    ['Le\u200cfè\u200dvre\ufe0f', 'Lefèvre', 'without joiners where nothing joins'],
    ['e\u200b\u0301', 'é', 'in NFC, too, when what stood between is gone'],
    ['\u3000 \u00a0Lefèvre\u2003\n', 'Lefèvre', 'without space of any kind at the ends'],
    ['  \u00a0\u200b\ufeff\u2028', '', 'empty when there was nothing to see'],
    ['Le\u00a0 Goff\n\tdeux', 'Le\u00a0 Goff\n\tdeux', 'with the space that stands within'],
    ['می\u200cخواهم', 'می\u200cخواهم', 'with a joiner where it changes the letters'],
    ['👩\u200d⚕\ufe0f', '👩\u200d⚕\ufe0f', 'with emoji as they are'],
  ])('%j is %j: %s', (text, wanted) => expect(tidyText(text)).toBe(wanted));

  it('is tidy', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u200b', '\u00ad', '\u200d', '\ufe0f', '\u0301', ' ', '\u00a0', 'é', 'ن', '👩'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const tidy = tidyText(pieces.join(''));
        expect(tidyText(tidy)).toBe(tidy);
        expect(tidy).toBe(tidy.normalize('NFC').trim());
        expect(tidy).not.toMatch(/[\u200b\u00ad\ufeff\u2060\u200e\u200f\u061c]/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the letters that it had', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\p{L}+$/u), (text) => {
        fc.pre(!/\p{Default_Ignorable_Code_Point}/u.test(text));
        expect(tidyText(text)).toBe(text.normalize('NFC'));
      }),
    );
  });
});

describe('text of a quarter of a megabyte', () => {
  // What would take minutes if each character were compared with those before it.
  it.each(['\u200d', '\ufe0f', '\u200b', ' ', 'ن\u200d', 'é', '👩\u200d'])('of %j is tidied in one pass', (piece) => {
    const text = piece.repeat(250_000 / piece.length);
    expect(tidyText(text).length).toBeLessThanOrEqual(text.length);
  });

  it('of marks is refused before they are brought in order', () => {
    expect(hasControlCharacter(`a${'\u0301'.repeat(120_000)}${'\u0323'.repeat(120_000)}`)).toBe(true);
    expect(hasControlCharacter(`a${'\u0301'.repeat(30)}`)).toBe(false);
  });
});

describe('control characters', () => {
  it.each(['\u0000', '\u001b', '\u202e', '\u2066', '\ud800', '\uffff'])('are found: %j', (text) =>
    expect(hasControlCharacter(`a${text}b`)).toBe(true),
  );
  it.each(['a\tb\r\nc', 'é', '👩\u200d⚕\ufe0f'])('are not in %j', (text) =>
    expect(hasControlCharacter(text)).toBe(false),
  );
});
