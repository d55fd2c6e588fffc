import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

it('puts in quotes what would end a cell, doubles quotes, and ends each line', () => {
  expect(
    csvOf([
      ['a', 'b,c', 'd;e'],
      ['say "so"', 'two\nlines', ''],
    ]),
  ).toBe('\uFEFFa,"b,c","d;e"\r\n"say ""so""","two\nlines",\r\n');
});

it('lets no cell be a formula', () => {
  expect(csvOf([['=1+1', '@SUM(A1)', '-2', '+3', '\t=1', 'a=1']])).toBe("\uFEFF'=1+1,'@SUM(A1),'-2,'+3,'\t=1,a=1\r\n");
});
