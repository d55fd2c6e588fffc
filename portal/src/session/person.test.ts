import { expect, it } from 'vitest';
import { actsIn, type Person } from './person.ts';

it('shows who acts for somebody the pages of what is left to them, and everybody all of their own', () => {
  const person = {
    patientId: 'mother',
    actsFor: [{ patientId: 'child', as: 'guardian', sections: ['details', 'appointments'] }],
  } as unknown as Person;
  expect(actsIn(person, 'child', 'appointments')).toBe(true);
  expect(actsIn(person, 'child', 'accesses')).toBe(false);
  expect(actsIn(person, 'mother', 'accesses')).toBe(true);
});
