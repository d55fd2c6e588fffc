import { expect, it } from 'vitest';
import { lengthsUpTo } from './alert-snooze.tsx';

it('offers no longer time than the rule allows, and its longest', () => {
  expect(lengthsUpTo(60)).toEqual([10, 15, 30, 60]);
  expect(lengthsUpTo(45)).toEqual([10, 15, 30, 45]);
  expect(lengthsUpTo(5)).toEqual([5]);
  expect(lengthsUpTo(480)).toEqual([60, 120, 240, 480]);
});
