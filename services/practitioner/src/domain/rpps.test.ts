import { FieldErrors } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtsAboutRpps, passesLuhn, readRpps } from './rpps.js';

describe('RPPS', () => {
  it.each(['10100473148', '10003879623'])('%s raises no doubt', (rpps) => {
    expect(doubtsAboutRpps(rpps)).toEqual([]);
  });

  it.each(['10101201234', '10003461033', '10102727017'])(
    '%s, a published example, is doubted and not refused',
    (rpps) => {
      const errors = new FieldErrors();
      expect(readRpps(rpps, 'rpps', errors)).toBe(rpps);
      expect(errors.fields).toEqual([]);
      expect(doubtsAboutRpps(rpps)).toMatchObject([{ path: 'rpps', code: 'CHECK_DIGIT' }]);
    },
  );

  it.each(['', '1010047314', '101004731480', '1010047314A', '8 10100473148'])('%j is refused', (text) => {
    const errors = new FieldErrors();
    readRpps(text, 'rpps', errors);
    expect(errors.fields).toMatchObject([{ path: 'rpps', code: 'NO_RPPS' }]);
  });

  it('loses its spaces', () => {
    expect(readRpps(' 101 004 731 48', 'rpps', new FieldErrors())).toBe('10100473148');
  });

  it('has exactly one last digit that passes, and no single other digit in its place', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{10}$/), (digits) => {
        const passing = [...'0123456789'].filter((last) => passesLuhn(digits + last));
        expect(passing).toHaveLength(1);
      }),
    );
  });
});
