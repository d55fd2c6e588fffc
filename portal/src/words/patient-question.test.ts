import { expect, it } from 'vitest';
import { questionOf } from './patient-question.ts';

const now = new Date('2026-11-23T08:00:00Z');

it.each([
  ['14.8.1955', { birthDate: '1955-08-14' }],
  ['14/08/1955', { birthDate: '1955-08-14' }],
  ['14-08-1955', { birthDate: '1955-08-14' }],
  ['14/08/55', { birthDate: '1955-08-14' }],
  ['3/2/26', { birthDate: '2026-02-03' }],
  ['3/2/27', { birthDate: '1927-02-03' }],
  ['14081955', { birthDate: '1955-08-14' }],
  ['14 08 1955', { birthDate: '1955-08-14' }],
  ['14 août 1955', { birthDate: '1955-08-14' }],
  ['1er fevr. 1960', { birthDate: '1960-02-01' }],
  ['1955-08-14', { birthDate: '1955-08-14' }],
  ['lef 14/08/1955', { q: 'lef', birthDate: '1955-08-14' }],
  ['née le roy 14 AOÛT 1955', { q: 'née le roy', birthDate: '1955-08-14' }],
  ['06 39 98 12 34', { phone: '06 39 98 12 34' }],
  ['06.39.98.12.34', { phone: '06.39.98.12.34' }],
  ['+33 6 39 98 12 34', { phone: '+33 6 39 98 12 34' }],
  ['06 39 98', { phone: '06 39 98' }],
  [' lef cla ', { q: 'lef cla' }],
  ['O’Brien 2', { q: 'O’Brien 2' }],
  // No day that there is.
  ['31/02/1955', { q: '31/02/1955' }],
])('takes %j for what it is', (words, question) => {
  expect(questionOf(words, now)).toEqual(question);
});
