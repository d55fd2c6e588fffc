import { expect, it } from 'vitest';
import { lengthInWords, roughly } from './lengths.ts';

it('says how long something is in the words of the reader', () => {
  expect(lengthInWords(90, 'en')).toBe('1 hour 30 minutes');
  expect(lengthInWords(2_880, 'fr')).toBe('2\u00A0jours');
  expect(lengthInWords(1, 'fr')).toBe('1 minute');
});

it('says of no time, and of less than none, that it is none', () => {
  expect(lengthInWords(0, 'en')).toBe('0 minutes');
  expect(lengthInWords(-5, 'en')).toBe('0 minutes');
});

it('leaves out what says nothing of a long time', () => {
  expect([roughly(119), roughly(150), roughly(3_000)]).toEqual([119, 120, 2_880]);
});
