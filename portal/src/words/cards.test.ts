import { expect, it } from 'vitest';
import { cardOf, patientOfCard } from './cards.ts';

const id = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';

it('holds the id of the patient and nothing else, and is read again as it was printed', () => {
  expect(cardOf(id)).toBe(`cabinet:patient:${id}`);
  expect(patientOfCard(cardOf(id))).toBe(id);
});

it.each([
  ['in capitals, as some scanners type', cardOf(id).toUpperCase()],
  ['with what a scanner adds', ` ${cardOf(id)}\t`],
])('is read %s', (_how, text) => {
  expect(patientOfCard(text)).toBe(id);
});

it.each(['', 'Martin', id, 'cabinet:patient:', `cabinet:patient:${id}0`, `cabinet:user:${id}`, `x ${cardOf(id)}`])(
  'is nobody’s: %j',
  (text) => {
    expect(patientOfCard(text)).toBeUndefined();
  },
);
