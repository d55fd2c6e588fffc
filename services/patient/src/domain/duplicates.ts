import { foldName } from '@cabinet/people/names';
import type { Identifier } from './patient.js';

export interface Person {
  familyName: string;
  birthName?: string | null;
  givenNames: string[];
  birthDate: string;
  identifiers: Identifier[];
}

/** A folded name, with a bit for each letter that it has. */
interface Word {
  text: string;
  letters: number;
}

/** What people are compared by, worked out once for each. */
export interface Likeness {
  birthDate: string;
  identifiers: Identifier[];
  families: Word[];
  given: Word[];
  /** The same for the same birth date, family name and first given name, apart from accents and case. */
  key: string;
}

export function likenessOf({ familyName, birthName, givenNames, birthDate, identifiers }: Person): Likeness {
  const families = [familyName, birthName]
    .filter((name) => typeof name === 'string')
    .map((name) => toWord(foldName(name)));
  const given = givenNames.flatMap((name) => foldName(name).split(' ').map(toWord));
  const key = JSON.stringify([birthDate, foldName(familyName), foldName(givenNames[0] ?? '')]);
  return { birthDate, identifiers, families, given, key };
}

/**
 * True when two may be one person: born on the same day, with names that are alike under spelling mistakes, marriage
 * (birth name against family name), left-out second names, and given and family name interchanged. Two different
 * numbers of one kind settle that they are two people, so twins with an INS each raise no question.
 */
export const mayBeSamePerson = (a: Likeness, b: Likeness): boolean =>
  a.birthDate === b.birthDate && areSimilarNames(a, b) && !haveDifferentIdentifiers(a, b);

/** True when they have the same birth date and names, apart from accents, case and later given names. */
export const isSamePerson = (a: Likeness, b: Likeness): boolean => a.key === b.key && !haveDifferentIdentifiers(a, b);

/** The system of which they have one identifier each, and not the same. */
export function contradictingSystem(a: Identifier[], b: Identifier[]): string | undefined {
  return a.find(({ system, value }) => b.some((other) => other.system === system && other.value !== value))?.system;
}

/** How names of one person compare with all that another has, whichever of them. */
export function areAlike(some: string[], others: string[]): 'same' | 'similar' | 'different' {
  const [one, other] = [some, others].map((names) => names.flatMap((name) => foldName(name).split(' ').map(toWord)));
  if (!one || !other) return 'different';
  if (one.some(({ text }) => other.some((each) => each.text === text))) return 'same';
  return anyClose(one, other) ? 'similar' : 'different';
}

const haveDifferentIdentifiers = (a: Likeness, b: Likeness): boolean =>
  contradictingSystem(a.identifiers, b.identifiers) !== undefined;

function areSimilarNames(a: Likeness, b: Likeness): boolean {
  const [firstOfA, firstOfB] = [a.given.slice(0, 1), b.given.slice(0, 1)];
  const straight = anyClose(a.families, b.families) && (anyClose(firstOfA, b.given) || anyClose(firstOfB, a.given));
  return straight || (anyClose(a.families, firstOfB) && anyClose(firstOfA, b.families));
}

const anyClose = (some: Word[], others: Word[]): boolean =>
  some.some((one) => others.some((other) => isClose(one, other)));

function toWord(text: string): Word {
  let letters = 0;
  for (let i = 0; i < text.length; i += 1) letters |= 1 << (text.charCodeAt(i) % 32);
  return { text, letters };
}

/** Equal but for one slip of the pen, two in a long name; names of up to three letters have none to spare. */
function isClose({ text: a, letters: lettersOfA }: Word, { text: b, letters: lettersOfB }: Word): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter <= 3) return a === b;
  const slipsMax = shorter >= 8 ? 2 : 1;
  // One slip brings in one letter and drops one at most. This settles nearly all of the many pairs of a large import.
  if (Math.abs(a.length - b.length) > slipsMax || bitsIn(lettersOfA ^ lettersOfB) > 2 * slipsMax) return false;
  return slipsBetween(a, b) <= slipsMax;
}

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Letters left out, put in, replaced or swapped with their neighbour (optimal string alignment distance). */
export function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const replaced = (last[j - 1] ?? 0) + (isSame ? 0 : 1);
      let least = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
