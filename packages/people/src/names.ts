import type { FieldErrors } from '@cabinet/kit/errors';

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

/** So many words that stand next to each other may be written as one. */
const togetherMax = 4;

/** A text for an index of word beginnings: each word after a space, and after them those of one name written as one. */
export function searchText(names: readonly string[]): string {
  const words = names.flatMap((name) => {
    const parts = foldName(name).split(' ').filter(Boolean);
    return [...parts, ...parts.flatMap((_, end) => endingAt(parts, end).slice(1))];
  });
  return [...new Set(words)].map((word) => ` ${word}`).join('');
}

const wordsAskedMax = 8;

/**
 * The words of a question about a name, each in the ways in which it may begin a word of `searchText`: by itself, or at the end
 * of what stands before it, since "Le Goff" may have been written "Legoff".
 */
export function wordsAsked(text: string): string[][] {
  const words = foldName(text).split(' ').filter(Boolean).slice(0, wordsAskedMax);
  return words.map((_, end) => endingAt(words, end));
}

/** The word at `end`, and it with one, two, three words that stand before it, written as one. */
const endingAt = (words: readonly string[], end: number): string[] =>
  Array.from({ length: Math.min(end + 1, togetherMax) }, (_, before) => words.slice(end - before, end + 1).join(''));

/** In characters; an index holds no text of any length. */
const sortTextMax = 200;

/** What people are in order of: their names folded, as far as anybody would look. */
export function sortText(names: readonly string[]): string {
  const text = foldName(names.join(' '));
  return text.length <= sortTextMax ? text : [...text].slice(0, sortTextMax).join('');
}
