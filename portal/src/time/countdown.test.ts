import { expect, it } from 'vitest';
import { clockOf } from './countdown.ts';

it.each([
  [0, '0:00'],
  [9, '0:09'],
  [299, '4:59'],
  [3_600, '1:00:00'],
  [3_729, '1:02:09'],
])('says %i seconds as a clock does', (seconds, words) => {
  expect(clockOf(seconds)).toBe(words);
});
