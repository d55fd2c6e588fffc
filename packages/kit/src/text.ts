const forbidden = /[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]--[\t\n\r]]|\p{M}{31}/v;

/**
 * True for text with NUL, control, bidirectional-override or lone surrogate characters; tab and line ends are fine. So it is
 * for more marks on one letter than any language has (UAX #15 D4), which take quadratic time to bring in order.
 */
export const hasControlCharacter = (text: string): boolean => !plain.test(text) && forbidden.test(text);

/** Most of what comes in, and nothing to look for in it. */
const plain = /^[\x20-\x7e]*$/;

/** Characters that nobody sees: soft hyphens, zero-width spaces, joiners and marks, byte order marks. */
const invisible =
  /[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}\u{e0100}-\u{e01ef}]]/gv;

/**
 * Joiners and variations mean something after a letter of a script that has them, and in emoji (the first form, which is
 * kept); elsewhere nobody sees them either (the second).
 */
const joiners =
  /((?:[\p{L}--\p{Script=Latin}]|\p{Extended_Pictographic})[\p{M}\p{Emoji_Modifier}\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}\u{e0100}-\u{e01ef}]+)|[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}\u{e0100}-\u{e01ef}]/gv;

const tidyAlready = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Text as it is stored and compared: in NFC, without characters that nobody sees, without space of any kind at its ends. Blank
 * text becomes empty. Tidying what is tidy changes nothing.
 */
export function tidyText(text: string): string {
  if (tidyAlready.test(text)) return text;
  return text.normalize('NFC').replace(invisible, '').replace(joiners, '$1').trim().normalize('NFC');
}
