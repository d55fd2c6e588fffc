import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { MedicalRecord } from '../api/types.ts';
import { AllergyState } from './allergy-state.tsx';

type Known = MedicalRecord['allergies'];

const statement = { version: 1, author: { id: 'u', role: 'practitioner' }, at: '2026-09-14T09:10:00Z' } as const;
const said = (allergies: Known, isGuardian = false) =>
  show(<AllergyState allergies={allergies} isGuardian={isGuardian} nameOf={() => 'Anne Bernard'} />).container
    .textContent;

it('never takes what nobody asked for what there is not', () => {
  expect(said({ state: 'unknown', items: [] })).toMatch(/^Not known.*there are none: nobody has asked/);
  expect(said({ state: 'none-known', statement, items: [] })).toBe(
    'None knownAnne Bernard asked, and wrote that down on September 14, 2026.',
  );
  expect(said({ state: 'listed', items: [] })).toBe('');
});

it('tells guardians that they would not be told', () => {
  expect(said({ state: 'unknown', items: [] }, true)).toMatch(/^Not known.*guardians are never told here/);
});
