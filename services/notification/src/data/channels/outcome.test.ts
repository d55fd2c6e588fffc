import { expect, it } from 'vitest';
import { failed, withoutPeople } from './outcome.js';

it.each([
  ['550 5.1.1 <alice@patients.example>: user unknown', '550 5.1.1 <address>: user unknown'],
  ["The 'To' number +33 6 12 34 56 78 is not valid", "The 'To' number <number> is not valid"],
  ['Invalid receivers: 0033612345678, 33612345678, 06.12.34.56.78', 'Invalid receivers: <number>, <number>, <number>'],
  ['two\r\nlines\t and  more', 'two lines and more'],
  ['451 4.7.1 Greylisted, try again in 300 seconds', '451 4.7.1 Greylisted, try again in 300 seconds'],
])('keeps of %j what names nobody', (said, kept) => {
  expect(withoutPeople(said)).toBe(kept);
});

it('keeps no more than a line of it, whatever a provider says', () => {
  expect(failed('temporary', 'x'.repeat(100_000)).text).toHaveLength(200);
});
