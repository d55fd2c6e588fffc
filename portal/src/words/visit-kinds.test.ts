import { expect, it } from 'vitest';
import type { Practitioner } from '../api/types.ts';
import { kindLike, kindNamed, kindNames } from './visit-kinds.ts';

const offering = (...kinds: [string, number][]) =>
  ({ appointmentTypes: kinds.map(([name, minutes]) => ({ id: `${name} ${minutes}`, name, minutes })) }) as Practitioner;

const one = offering(['Consultation', 20], ['Vaccination', 10]);
const other = offering(['Consultation', 30], ['Vaccin', 10]);
const none = offering();

it('names each kind of visit of several practitioners once', () => {
  expect(kindNames([one, other])).toEqual(['Consultation', 'Vaccination', 'Vaccin']);
});

it('finds what is offered under a name, and without one what is offered first', () => {
  expect([kindNamed(one, 'Vaccination')?.minutes, kindNamed(one, undefined)?.minutes]).toEqual([10, 20]);
  expect([kindNamed(one, 'Vaccin'), kindNamed(none, undefined)]).toEqual([undefined, undefined]);
});

it('finds with somebody else what is called the same, or is as long, or else what they offer first', () => {
  const [consultation, vaccination] = one.appointmentTypes;
  expect(kindLike(other, consultation)?.id).toBe('Consultation 30');
  expect(kindLike(other, vaccination)?.id).toBe('Vaccin 10');
  expect(kindLike(other, undefined)?.id).toBe('Consultation 30');
  expect(kindLike(none, consultation)).toBeUndefined();
});
