import { expect, it } from 'vitest';
import { questionOf } from './patients.ts';

it.each([
  ['14.8.1955', { birthDate: '1955-08-14' }],
  ['14/08/1955', { birthDate: '1955-08-14' }],
  ['1955-08-14', { birthDate: '1955-08-14' }],
  ['06 39 98 12 34', { phone: '06 39 98 12 34' }],
  ['+33 6 39 98 12 34', { phone: '+33 6 39 98 12 34' }],
  [' lef cla ', { q: 'lef cla' }],
  ['O’Brien 2', { q: 'O’Brien 2' }],
])('takes %j for what it is', (words, question) => {
  expect(questionOf(words)).toEqual(question);
});
