import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Allergy } from '../api/types.ts';
import { AllergiesSaid } from './allergies-in-sight.tsx';

const allergy = (text: string, more: Partial<Allergy> = {}): Allergy => ({
  ...{ id: text, version: 1, author: { id: 'u', role: 'practitioner' }, at: '2026-09-14T09:10:00Z' },
  ...{ code: { text }, clinicalStatus: 'active', verificationStatus: 'confirmed' },
  ...more,
});
const said = (of: Parameters<typeof AllergiesSaid>[0]['of'], isOld = false) =>
  show(<AllergiesSaid of={of} isOld={isOld} />).container.textContent;

it('not known, none known and listed are three things', () => {
  expect(said({ state: 'unknown', items: [] })).toBe('Allergies: not known');
  expect(said({ state: 'none-known', items: [] })).toBe('Allergies: none known');
  expect(said({ state: 'listed', items: [allergy('Latex')] })).toBe('Allergies: Latex');
});

it('what is dangerous stands first, and what was refuted not at all', () => {
  const items = [
    allergy('Latex'),
    allergy('Cats', { verificationStatus: 'refuted' }),
    allergy('Bees', { criticality: 'high' }),
  ];
  expect(said({ state: 'listed', items })).toBe('Allergies: Bees, Latex');
});

it('what could not be read anew is said to be old', () => {
  expect(said({ state: 'unknown', items: [] }, true)).toBe('Allergies: not known(as last read)');
});
