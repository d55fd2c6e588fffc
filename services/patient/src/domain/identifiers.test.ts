import { FieldErrors } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtsAbout, insSystems, looksLikeNir, type Mode, normalisedValue, readIdentifiers } from './identifiers.js';

function read(value: string, system: string = insSystems.test, mode: Mode = 'demonstration') {
  const errors = new FieldErrors();
  const [identifier] = readIdentifiers([{ system, value }], mode, errors);
  return { value: identifier?.value, codes: errors.fields.map(({ code }) => code) };
}

/** The key as the social security defines it: 97 - (number mod 97), with 2A as 19 and 2B as 18. */
const keyOf = (number: string) =>
  String(97n - (BigInt(number.replace('2A', '19').replace('2B', '18')) % 97n)).padStart(2, '0');

const number = fc
  .tuple(
    fc.constantFrom('1', '2', '3', '4', '7', '8'),
    fc.integer({ min: 0, max: 99 }),
    // Months above 12 stand for an incomplete civil record, 20 to 42 and 50 and more.
    fc.constantFrom('01', '12', '20', '31', '50', '99'),
    fc.constantFrom('01', '75', '2A', '2B', '97', '98', '99'),
    fc.integer({ min: 0, max: 999_999 }),
  )
  .map(([sex, year, month, department, rest]) =>
    [sex, String(year).padStart(2, '0'), month, department, String(rest).padStart(6, '0')].join(''),
  );

describe('an INS', () => {
  it.each(['255081416802538', '295109912611193', '186022A21532523', '186022B21532550'])('%s is right', (value) => {
    expect(read(value)).toEqual({ value, codes: [] });
  });

  it.each([
    ['255081416802539', 'INS_KEY'],
    ['186022A21532550', 'INS_KEY'],
    ['25508141680253', 'INS_FORM'],
    ['2550814168025389', 'INS_FORM'],
    ['186022C21532523', 'INS_FORM'],
    ['A55081416802538', 'INS_FORM'],
    ['', 'INS_FORM'],
  ])('%j is refused: %s', (value, code) => {
    expect(read(value).codes).toEqual([code]);
  });

  it('is right with its key, whatever month, department and first digit, and with no other', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 97 }), (digits, other) => {
        const value = digits + keyOf(digits);
        expect(read(value)).toEqual({ value, codes: [] });
        const wrong = String(other).padStart(2, '0');
        fc.pre(wrong !== keyOf(digits));
        expect(read(digits + wrong).codes).toEqual(['INS_KEY']);
      }),
    );
  });

  it('is stored the same with spaces, dots and small letters', () => {
    expect(read('1 86 02 2a 215 325 23').value).toBe('186022A21532523');
    expect(normalisedValue(' 1.86.02.2a.215.325.23')).toBe('186022A21532523');
  });

  it('is kept out of the mode to which it does not belong', () => {
    const value = '255081416802538';
    for (const [mode, system, isAllowed] of [
      ['production', insSystems.nir, true],
      ['production', insSystems.nia, true],
      ['production', insSystems.test, false],
      ['production', insSystems.demonstration, false],
      ['demonstration', insSystems.nir, false],
      ['demonstration', insSystems.nia, false],
      ['demonstration', insSystems.test, true],
      ['demonstration', insSystems.demonstration, true],
    ] as const) {
      expect([mode, system, read(value, system, mode).codes]).toEqual([
        mode,
        system,
        isAllowed ? [] : ['SYSTEM_NOT_ALLOWED'],
      ]);
    }
  });
});

describe('other identifiers', () => {
  it('are taken as they are, one of each system', () => {
    expect(read(' F 2019/77 ', 'https://example.org/files')).toEqual({ value: 'F 2019/77', codes: [] });
    const errors = new FieldErrors();
    const twice = [
      { system: 'urn:x:1', value: 'a' },
      { system: 'urn:x:1', value: 'b' },
    ];
    readIdentifiers(twice, 'production', errors);
    expect(errors.fields).toMatchObject([{ path: 'identifiers[1].system', code: 'SYSTEM_TWICE' }]);
  });
});

describe('looksLikeNir', () => {
  it('finds every NIR however it is spaced, with and without its key', () => {
    fc.assert(
      fc.property(number, fc.boolean(), fc.constantFrom('', ' ', '.', '-'), (digits, hasKey, gap) => {
        const text = hasKey ? digits + keyOf(digits) : digits;
        expect(looksLikeNir(text.split('').join(gap))).toBe(true);
        expect(looksLikeNir(`martin ${text}`)).toBe(true);
      }),
    );
  });

  it.each(['martin', '1980-01-31', '0639981234', '12345678901', 'martin 1980'])('leaves %j alone', (text) => {
    expect(looksLikeNir(text)).toBe(false);
  });
});

describe('doubtsAbout', () => {
  const person = (value: string, birthDate: string, gender: 'male' | 'female' | 'unknown' = 'unknown') =>
    doubtsAbout({ birthDate, gender, identifiers: [{ system: insSystems.test, value }] }).map(({ code }) => code);

  it('has none when number, birth and sex agree, or the number says nothing', () => {
    expect(person('255081416802538', '1955-08-14', 'female')).toEqual([]);
    expect(person('255311416802538', '1955-08-14')).toEqual([]);
    expect(doubtsAbout({ birthDate: '1955-08-14', gender: 'male', identifiers: [] })).toEqual([]);
  });

  it("doubts a parent's number on a child, and another sex", () => {
    expect(person('255081416802538', '2019-08-14', 'female')).toEqual(['INS_BIRTH']);
    expect(person('255081416802538', '1955-09-14', 'male')).toEqual(['INS_SEX', 'INS_BIRTH']);
  });
});
