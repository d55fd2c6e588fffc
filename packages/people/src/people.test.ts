import { FieldErrors } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from './address.js';
import { countries } from './countries.js';
import { isRealDate } from './dates.js';
import { foldName, nameWords, readName, searchText, sortText, wordsAsked } from './names.js';
import { readTelecom, toE164, toEmail } from './telecom.js';

/** What `read` finds wrong, as `path CODE`. */
function complaints(read: (errors: FieldErrors) => unknown): string[] {
  const errors = new FieldErrors();
  read(errors);
  return errors.fields.map(({ path, code }) => `${path} ${code}`);
}

describe('toE164', () => {
  it.each([
    ['06 39 98 12 34', '+33639981234'],
    ['01.99.00.12.34', '+33199001234'],
    ['+33 (0)6 39 98 12 34', '+33639981234'],
    ['0033639981234', '+33639981234'],
    // A spreadsheet drops the first 0.
    ['639981234', '+33639981234'],
    ['+1 202 555 0143', '+12025550143'],
    ['0692 12 34 56', '+262692123456'],
    ['0269 61 12 34', '+262269611234'],
    ['0639 12 34 56', '+262639123456'],
    ['0690 12 34 56', '+590690123456'],
    ['0594 12 34 56', '+594594123456'],
    ['0696 12 34 56', '+596696123456'],
    ['+33692123456', '+33692123456'],
    ['0508 41 12 34', '+508411234'],
    ['05.08.41.12.34', '+508411234'],
    ['0708 41 12 34', '+508708411234'],
    ['0263 12 34 56', '+262263123456'],
    ['0693 12 34 56', '+262693123456'],
    ['0691 12 34 56', '+590691123456'],
    ['0694 12 34 56', '+594694123456'],
    ['0596 12 34 56', '+596596123456'],
    ['0697 12 34 56', '+596697123456'],
    ['0709 01 23 45', '+590709012345'],
    ['0709 36 23 45', '+262709362345'],
    ['05 07 41 12 34', '+33507411234'],
    ['+508 41 12 34', '+508411234'],
  ])('reads %s as %s', (text, wanted) => {
    expect(toE164(text)).toBe(wanted);
  });

  it.each(['', '12', '3624', 'call 0612345678', '0612345678 ext 12', '06123456789012', '06 12 34 56'])(
    'refuses %j',
    (text) => {
      expect(toE164(text)).toBeUndefined();
    },
  );

  it('leaves a number alone that it has normalised before', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0[1-79]\d{8}$/), (text) => {
        const once = toE164(text);
        expect(once).toMatch(/^\+\d{9,12}$/);
        expect(toE164(once ?? '')).toBe(once);
      }),
    );
  });
});

describe('toEmail', () => {
  it('lowers the domain and leaves the local part', () => {
    expect(toEmail(' Anna.Martin@Example.ORG ')).toBe('Anna.Martin@example.org');
  });

  it.each([
    '',
    'anna',
    'anna@',
    '@example.org',
    'anna@example',
    'a b@example.org',
    'anna@x@example.org',
    `${'a'.repeat(250)}@example.org`,
  ])('refuses %j', (text) => {
    expect(toEmail(text)).toBeUndefined();
  });
});

describe('readTelecom', () => {
  it('keeps each number and address once', () => {
    const errors = new FieldErrors();
    const read = readTelecom(
      [
        { system: 'phone', value: '06 39 98 12 34' },
        { system: 'phone', value: '+33639981234', use: 'mobile' },
        { system: 'email', value: 'anna@example.org' },
      ],
      'telecom',
      errors,
    );
    expect(errors.fields).toEqual([]);
    expect(read).toEqual([
      { system: 'phone', value: '+33639981234', use: 'mobile' },
      { system: 'email', value: 'anna@example.org' },
    ]);
  });

  it('names each one that is wrong', () => {
    expect(
      complaints((errors) =>
        readTelecom(
          [
            { system: 'phone', value: '12' },
            { system: 'email', value: '06 39 98 12 34' },
          ],
          'telecom',
          errors,
        ),
      ),
    ).toEqual(['telecom[0].value NO_PHONE_NUMBER', 'telecom[1].value NO_EMAIL']);
  });
});

describe('names', () => {
  it.each([
    ['Jean-François d’Œuvre', 'jean francois d oeuvre'],
    ['NÚÑEZ', 'nunez'],
    ['Straße', 'strasse'],
    ['Łukasz Øre', 'lukasz ore'],
    ['Ｍａｒｔｉｎ', 'martin'],
    ['Αλέξανδρος', 'αλεξανδρος'],
    ['  ', ''],
  ])('folds %s to %j', (name, wanted) => {
    expect(foldName(name)).toBe(wanted);
  });

  it('folds a name the same in every case, composition and repetition', () => {
    const french = fc.string({ unit: fc.constantFrom(...'abcéèêëïîôöùûüçœæñ -’A') });
    fc.assert(
      fc.property(french, (name) => {
        const folded = foldName(name);
        expect(foldName(name.toUpperCase())).toBe(folded);
        expect(foldName(name.normalize('NFD'))).toBe(folded);
        expect(foldName(folded)).toBe(folded);
      }),
    );
  });

  it('takes each word once', () => {
    expect(nameWords(['De La Tour', 'Marie-Claire', 'Tour'])).toEqual(['de', 'la', 'tour', 'marie', 'claire']);
  });

  it('takes the words of one name written together, too, and not those of two', () => {
    expect(searchText(["O'Brien", 'Anna'])).toBe(' o brien obrien anna');
    expect(searchText(['de la Tour'])).toBe(' de la tour dela latour delatour');
    expect(wordsAsked('le goff')).toEqual([['le'], ['goff', 'legoff']]);
  });

  /** Whether each word of a question begins a word of the text, in one of its ways. */
  const finds = (question: string, names: string[]) =>
    wordsAsked(question).every((ways) => ways.some((way) => searchText(names).includes(` ${way}`)));

  it.each([
    ["O'Brien", ['obrien', "o'brien", 'O’BRIEN', 'o brien', 'brien', 'obri']],
    ["d'Alençon", ['dalencon', 'd alencon', 'alencon', 'd’Alenç']],
    ['Le Goff', ['le goff', 'legoff', 'goff', 'le-goff', 'lego']],
    ['Legoff', ['le goff', 'legoff', 'le go']],
    ['Delatour', ['de la tour', 'dela tour', 'delatour']],
    ['Jean-Pierre', ['jeanpierre', 'jean pierre', 'pierre']],
  ])('finds %s, joined and split', (name, questions) => {
    for (const question of questions) expect([question, finds(question, [name, 'Anna'])]).toEqual([question, true]);
    expect(finds('goffle', [name])).toBe(false);
  });

  it('finds a name by however its words are put together and taken apart', () => {
    const word = fc.stringMatching(/^[a-zé]{1,8}$/);
    const glue = fc.constantFrom('', ' ', '-', "'", '’');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), glue, glue, (words, one, other) => {
        expect(finds(words.join(other), [words.join(one)])).toBe(true);
      }),
    );
  });

  it('puts people in order of names of a length that an index holds', () => {
    expect(sortText(['Lefèvre', 'Claire'])).toBe('lefevre claire');
    expect(Buffer.byteLength(sortText(['\ufdfa'.repeat(100), '漢'.repeat(1_000)]))).toBeLessThan(1_000);
  });

  it('wants a letter and a length that fits', () => {
    expect(complaints((errors) => readName('  ', 'familyName', errors))).toEqual(['familyName REQUIRED']);
    expect(complaints((errors) => readName('42', 'familyName', errors))).toEqual(['familyName NO_NAME']);
    expect(complaints((errors) => readName('x'.repeat(101), 'familyName', errors))).toEqual(['familyName TOO_LONG']);
    expect(readName(' Le  Goff ', 'familyName', new FieldErrors())).toBe('Le Goff');
  });
});

describe('readAddress', () => {
  it('tidies, and takes France for granted', () => {
    expect(
      readAddress({ line: [' 4 rue  Neuve ', ''], postalCode: '01000', city: ' Bourg ' }, 'address', new FieldErrors()),
    ).toEqual({ line: ['4 rue Neuve'], postalCode: '01000', city: 'Bourg', country: 'FR' });
  });

  it('names what is wrong', () => {
    const wrong = { line: [], postalCode: '1000', city: ' ', country: 'FR' };
    expect(complaints((errors) => readAddress(wrong, 'address', errors))).toEqual([
      'address.postalCode NO_POSTAL_CODE',
      'address.city REQUIRED',
    ]);
    expect(complaints((errors) => readAddress({ ...wrong, country: 'XQ', city: 'X' }, 'address', errors))).toEqual([
      'address.country NO_COUNTRY',
    ]);
  });

  it.each(['EU', 'ZZ', 'UK', 'XK', 'AA', 'DD', 'FRA', '33', ''])('refuses %j as a country', (country) => {
    const address = { line: [], postalCode: '01000', city: 'Bourg', country };
    expect(complaints((errors) => readAddress(address, 'address', errors))).toEqual(['address.country NO_COUNTRY']);
  });

  it('knows the countries that ISO 3166-1 has assigned', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countries.size).toBe(249);
    for (const code of countries) expect(names.of(code)).toBeDefined();
    for (const code of ['FR', 'GB', 'RE', 'PM', 'MC', 'CH']) expect(countries.has(code)).toBe(true);
  });

  it('leaves the postal codes of other countries alone', () => {
    const address = { line: [], postalCode: 'mc 98000', city: 'Monaco', country: 'mc' };
    expect(complaints((errors) => readAddress(address, 'address', errors))).toEqual([]);
  });
});

describe('isRealDate', () => {
  it('knows every day of the calendar and no other', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isRealDate(date.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
  });

  it.each([
    '2023-02-29',
    '2024-02-30',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '24-01-01',
    '2024-1-1',
    '',
    '0000-00-00',
    '2024-01-01T00:00',
  ])('refuses %s', (text) => {
    expect(isRealDate(text)).toBe(false);
  });
});
