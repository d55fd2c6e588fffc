import type { FieldErrors } from '../errors.js';

/** One spelling for one name: Unicode NFC, no spaces around, single spaces within. */
export const tidy = (text: string): string => text.normalize('NFC').trim().replace(/\s+/gu, ' ');

/** Checks and tidies a name of a person, a place or the like: it needs a letter, and at most `lengthMax` characters. */
export function readName(text: string, path: string, errors: FieldErrors, lengthMax = 100): string {
  const name = tidy(text);
  if (name === '') errors.add(path, 'REQUIRED', 'must not be empty');
  else if (name.length > lengthMax) errors.add(path, 'TOO_LONG', `has more than ${lengthMax} characters`);
  else if (!/\p{L}/u.test(name)) errors.add(path, 'NO_NAME', 'must have a letter in it');
  return name;
}

const ligatures: Record<string, string> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * What a name is searched by: lower case, without accents, hyphens and apostrophes as spaces.
 * `foldName("Jean-François d’Œuvre")` is `"jean francois d oeuvre"`.
 */
export function foldName(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[œæßøłđðþı]/g, (letter) => ligatures[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The different words of names, folded, for an index of word beginnings. */
export const nameWords = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => foldName(name).split(' ')).filter(Boolean)),
];
