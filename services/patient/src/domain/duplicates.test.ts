import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contradictingSystem,
  isSamePerson,
  likenessOf,
  mayBeSamePerson,
  type Person,
  slipsBetween,
} from './duplicates.js';

const person = (overrides: Partial<Person> = {}): Person => ({
  familyName: 'Lefèvre',
  givenNames: ['Claire', 'Marie'],
  birthDate: '1980-01-31',
  identifiers: [],
  ...overrides,
});

const mayBe = (a: Partial<Person>, b: Partial<Person>) => mayBeSamePerson(likenessOf(person(a)), likenessOf(person(b)));
const ins = (value: string) => [{ system: 'urn:x', value }];

describe('mayBeSamePerson', () => {
  it.each([
    ['the same', {}, {}],
    ['accents and case', {}, { familyName: 'LEFEVRE', givenNames: ['CLAIRE'] }],
    ['a slip of the pen', {}, { familyName: 'Lefévr', givenNames: ['Clarie'] }],
    ['a second name left out', {}, { givenNames: ['Claire'] }],
    ['the second name used as the first', {}, { givenNames: ['Marie'] }],
    ['a name taken by marriage', { birthName: 'Durand' }, { familyName: 'Durand' }],
    ['given and family name interchanged', {}, { familyName: 'Claire', givenNames: ['Lefèvre'] }],
    ['a double name', { givenNames: ['Jean-Pierre'] }, { givenNames: ['Jean', 'Pierre'] }],
    ['an INS on one side', { identifiers: ins('1') }, {}],
    ['the same INS', { identifiers: ins('1') }, { identifiers: ins('1') }],
  ])('says yes for %s', (_what, a, b) => {
    expect(mayBe(a, b)).toBe(true);
    expect(mayBe(b, a)).toBe(true);
  });

  it.each([
    ['another day of birth', {}, { birthDate: '1980-02-01' }],
    ['another family name', {}, { familyName: 'Martin' }],
    ['twins', { givenNames: ['Anna'] }, { givenNames: ['Paul'] }],
    ['short names that differ', { givenNames: ['Léa'] }, { givenNames: ['Léo'] }],
    ['different numbers of one kind', { identifiers: ins('1') }, { identifiers: ins('2') }],
  ])('says no for %s', (_what, a, b) => {
    expect(mayBe(a, b)).toBe(false);
    expect(mayBe(b, a)).toBe(false);
  });

  it('says yes for anybody beside themselves, and the same whoever is first', () => {
    const name = fc.stringMatching(/^[a-zé]{1,12}$/);
    const anybody = fc.record({ familyName: name, givenNames: fc.array(name, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(anybody, anybody, (a, b) => {
        expect(mayBe(a, a)).toBe(true);
        expect(mayBe(a, b)).toBe(mayBe(b, a));
      }),
    );
  });
});

describe('isSamePerson', () => {
  const isSame = (b: Partial<Person>) => isSamePerson(likenessOf(person()), likenessOf(person(b)));

  it('overlooks accents, case and later given names, and nothing else', () => {
    expect(isSame({ familyName: 'LEFEVRE', givenNames: ['claire'] })).toBe(true);
    expect(isSame({ familyName: 'Lefevr' })).toBe(false);
    expect(isSame({ givenNames: ['Marie'] })).toBe(false);
  });
});

describe('contradictingSystem', () => {
  it('names the system of which both have another value', () => {
    const other = { system: 'urn:y', value: '2' };
    expect(contradictingSystem([...ins('1'), other], [...ins('1'), { ...other, value: '3' }])).toBe('urn:y');
    expect(contradictingSystem(ins('1'), [other])).toBeUndefined();
  });
});

describe('slipsBetween', () => {
  it.each([
    ['claire', 'claire', 0],
    ['claire', 'clare', 1],
    ['claire', 'clarie', 1],
    ['claire', 'clairee', 1],
    ['claire', 'plaire', 1],
    ['claire', '', 6],
    ['kitten', 'sitting', 3],
  ])('counts between %s and %s: %i', (a, b, wanted) => {
    expect(slipsBetween(a, b)).toBe(wanted);
  });

  it('is symmetrical, zero for equals only, and never more than the longer has letters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const slips = slipsBetween(a, b);
        expect(slips).toBe(slipsBetween(b, a));
        expect(slips === 0).toBe(a === b);
        expect(slips).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
