import { foldName } from '@cabinet/kit/people';
import type { Identifier } from './patient.js';

export interface Likeness {
  familyName: string;
  birthName?: string;
  givenNames: string[];
  birthDate: string;
  identifiers: Identifier[];
}

/**
 * True when two sets of details may be of one person: born on the same day, with names that are alike under spelling
 * mistakes, marriage (birth name against family name), left-out second names, and given and family name interchanged.
 * Two different numbers of one kind settle that they are two people, so twins with an INS each raise no question.
 */
export function mayBeSamePerson(a: Likeness, b: Likeness): boolean {
  return a.birthDate === b.birthDate && !haveDifferentIdentifiers(a, b) && areSimilarNames(a, b);
}

/** True when they have the same birth date and names, apart from accents, case and later given names. */
export function isSamePerson(a: Likeness, b: Likeness): boolean {
  const key = ({ familyName, givenNames, birthDate }: Likeness) =>
    JSON.stringify([birthDate, foldName(familyName), foldName(givenNames[0] ?? '')]);
  return key(a) === key(b) && !haveDifferentIdentifiers(a, b);
}

/** The system of which they have one identifier each, and not the same. */
export function contradictingSystem(a: Identifier[], b: Identifier[]): string | undefined {
  return a.find(({ system, value }) => b.some((other) => other.system === system && other.value !== value))?.system;
}

const haveDifferentIdentifiers = (a: Likeness, b: Likeness): boolean =>
  contradictingSystem(a.identifiers, b.identifiers) !== undefined;

function areSimilarNames(a: Likeness, b: Likeness): boolean {
  const families = (one: Likeness) =>
    [one.familyName, one.birthName].filter((name) => name !== undefined).map(foldName);
  const given = (one: Likeness) => one.givenNames.flatMap((name) => foldName(name).split(' '));
  const first = (one: Likeness) => given(one).slice(0, 1);
  const straight = anyClose(families(a), families(b)) && (anyClose(first(a), given(b)) || anyClose(first(b), given(a)));
  const crossed = anyClose(families(a), first(b)) && anyClose(first(a), families(b));
  return straight || crossed;
}

const anyClose = (some: string[], others: string[]): boolean =>
  some.some((one) => others.some((other) => isClose(one, other)));

/** Equal but for one slip of the pen, two in a long name; names of up to three letters have none to spare. */
function isClose(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter <= 3) return a === b;
  return slipsBetween(a, b) <= (shorter >= 8 ? 2 : 1);
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
