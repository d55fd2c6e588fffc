import { describe, expect, it } from 'vitest';
import { partialDate, partialDateInWords } from './partial-date.ts';

describe('a date as exact as it is known', () => {
  it.each([
    ['2019', '2019'],
    [' 2019-05 ', '2019-05'],
    ['2019-05-31', '2019-05-31'],
    ['31/05/2019', '2019-05-31'],
    ['1.5.2019', '2019-05-01'],
    ['5/2019', '2019-05'],
    ['in spring', 'in spring'],
    ['31/05/19', '31/05/19'],
  ])('typed as %s is %s', (typed, date) => expect(partialDate(typed)).toBe(date));

  it.each([
    ['2019', 'en', '2019'],
    ['2019-05', 'en', 'May 2019'],
    ['2019-05', 'fr', 'mai 2019'],
    ['2019-05-31', 'fr', '31 mai 2019'],
    ['2019-13-31', 'fr', '2019-13-31'],
    ['in spring', 'en', 'in spring'],
  ])('%s is said in %s as %s', (date, language, words) => expect(partialDateInWords(date, language)).toBe(words));
});
