import { describe, expect, it } from 'vitest';
import { addAllergy, allergyState, stateNoKnownAllergies, withdrawNoKnownAllergies } from './allergies.js';
import type { Allergy } from './contents.js';
import { emptyRecord, type MedicalRecord, newEntry, type Writing } from './record.js';

const writing: Writing = { author: { id: 'doctor', role: 'practitioner' }, at: new Date('2026-11-20T10:00:00Z') };
const record = emptyRecord('patient', writing.at);
const penicillin = (overrides: Partial<Allergy> = {}): Allergy => ({
  code: { text: 'Penicillin' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  ...overrides,
});
const stateAfter = (...steps: ((record: MedicalRecord) => { record: MedicalRecord })[]) =>
  allergyState(steps.reduce((before, step) => step(before).record, record)).state;

const stating = (before: MedicalRecord) => stateNoKnownAllergies(before, writing);
const withdrawing = (before: MedicalRecord) => withdrawNoKnownAllergies(before, { ...writing, reason: 'a mistake' });
const adding = (overrides?: Partial<Allergy>) => (before: MedicalRecord) =>
  addAllergy(before, newEntry('allergy', penicillin(overrides), writing), writing);

describe('what is known of allergies', () => {
  it.each([
    ['nothing was recorded', 'unknown', []],
    ['it was stated that none is known', 'none-known', [stating]],
    ['the statement was confirmed', 'none-known', [stating, stating]],
    ['the statement was withdrawn', 'unknown', [stating, withdrawing]],
    ['it was stated again after that', 'none-known', [stating, withdrawing, stating]],
    ['an allergy was recorded', 'listed', [adding()]],
    ['one was recorded that has passed', 'listed', [adding({ clinicalStatus: 'resolved' })]],
    ['one was suspected', 'listed', [adding({ verificationStatus: 'unconfirmed' })]],
    ['one was recorded after the statement', 'listed', [stating, adding()]],
    ['the only one was refuted', 'unknown', [adding({ verificationStatus: 'refuted' })]],
    ['the only one was entered in error', 'unknown', [adding({ verificationStatus: 'entered-in-error' })]],
    ['a refuted one came after the statement', 'none-known', [stating, adding({ verificationStatus: 'refuted' })]],
  ])('when %s is: %s', (_when, state, steps) => expect(stateAfter(...steps)).toBe(state));

  it('refuses the statement while any is listed, and to withdraw what does not stand', () => {
    expect(() => stateAfter(adding(), stating)).toThrow(expect.objectContaining({ code: 'RECORD.ALLERGIES_LISTED' }));
    expect(() => stateAfter(withdrawing)).toThrow(expect.objectContaining({ code: 'RECORD.NOT_STATED' }));
  });

  it('never changes the record it is given', () => {
    const before = stateNoKnownAllergies(record, writing).record;
    const copy = structuredClone(before);
    adding()(before);
    expect(before).toEqual(copy);
    expect(record.entries).toEqual([]);
  });
});
