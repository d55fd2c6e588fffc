import { describe, expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import { compareWords } from './compare-words.ts';
import { TextCompared } from './text-compared.tsx';

describe('in what a text differs from what it was', () => {
  it('is told word by word, what was taken out in front of what stands there now', () => {
    expect(
      compareWords('Sleeps badly since the move. No fever.', 'Sleeps well since the move. No fever today.'),
    ).toEqual([
      { is: 'same', text: 'Sleeps ' },
      { is: 'removed', text: 'badly ' },
      { is: 'added', text: 'well ' },
      { is: 'same', text: 'since the move. No ' },
      { is: 'removed', text: 'fever.' },
      { is: 'added', text: 'fever today.' },
    ]);
  });

  it('is nothing of the same text, and all of one that was empty', () => {
    expect(compareWords('As it was.', 'As it was.')).toEqual([{ is: 'same', text: 'As it was.' }]);
    expect(compareWords('', 'New.')).toEqual([{ is: 'added', text: 'New.' }]);
    expect(compareWords('Old.', '')).toEqual([{ is: 'removed', text: 'Old.' }]);
  });

  it('gives back both texts to the letter, lines and spaces and of any length', () => {
    const words = (seed: number, count: number) =>
      Array.from({ length: count }, (_, nth) => `${(nth * seed) % 97}${nth % 11 === 0 ? '\n\n ' : ' '}`).join('');
    for (const [before, after] of [
      [words(3, 60), words(5, 70)],
      [`  ${words(7, 40)}`, words(7, 41)],
      [words(3, 4_000), words(5, 4_000)],
    ] as const) {
      const stretches = compareWords(before, after);
      const without = (is: string) =>
        stretches
          .filter((each) => each.is !== is)
          .map(({ text }) => text)
          .join('');
      expect(without('added')).toBe(before);
      expect(without('removed')).toBe(after);
    }
  });
});

it('says what was put in and taken out in words too, in both languages', () => {
  const said = (language: 'en' | 'fr') =>
    show(<TextCompared before="Two tablets" after="Three tablets" />, language).container.textContent;
  expect(said('en')).toBe('(taken out:) Two (put in:) Three tablets');
  expect(said('fr')).toBe('(retiré :) Two (ajouté :) Three tablets');
});
