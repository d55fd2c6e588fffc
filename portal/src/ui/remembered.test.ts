import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('gives the same answer of the same, and another of anything else', () => {
  const times = remembered((all: number[], by: number) => all.map((each) => each * by));
  const [one, other] = [
    [1, 2],
    [1, 2],
  ];
  const doubled = times(one, 2);
  expect(doubled).toEqual([2, 4]);
  expect(times(one, 2)).toBe(doubled);
  expect(times(other, 2)).not.toBe(doubled);
  expect(times(one, 2)).toBe(doubled);
  expect(times(one, 3)).toEqual([3, 6]);
  expect(times(one, 2)).toEqual([2, 4]);
});
