import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completedBy } from './merge-patients.js';
import { genders, type PatientDetails, relationships } from './patient.js';
import { mergedCountMax, readDetails, tooLongTogether } from './patient-details.js';

const details = (overrides: Partial<PatientDetails> = {}): PatientDetails => ({
  familyName: 'Martin',
  givenNames: ['Anna'],
  birthDate: '1980-01-31',
  gender: 'unknown',
  identifiers: [],
  telecom: [],
  contacts: [],
  ...overrides,
});

describe('completedBy', () => {
  it('fills what the survivor lacks', () => {
    const address = { line: [], postalCode: '69003', city: 'Lyon', country: 'FR' };
    const other = details({ gender: 'female', birthName: 'Durand', address });
    expect(completedBy(details(), other)).toMatchObject({ gender: 'female', birthName: 'Durand', address });
  });

  it("keeps the survivor's own where both have something", () => {
    const own = details({ gender: 'male', birthName: 'Petit' });
    expect(completedBy(own, details({ gender: 'female', birthName: 'Durand' }))).toMatchObject({
      gender: 'male',
      birthName: 'Petit',
    });
  });

  it('joins lists, each entry once and as the survivor has it', () => {
    const own = details({ telecom: [{ system: 'phone', value: '+33639981234', use: 'mobile' }] });
    const other = details({
      telecom: [
        { system: 'phone', value: '+33639981234' },
        { system: 'email', value: 'a@example.org' },
      ],
    });
    const { telecom } = completedBy(own, other);
    expect(telecom).toHaveLength(2);
    expect(telecom).toContainEqual({ system: 'phone', value: '+33639981234', use: 'mobile' });
  });

  it('gives what the rules take as it is, after any sequence of merges', () => {
    const telecom = fc.oneof(
      fc.integer({ min: 0, max: 30 }).map((n) => ({ system: 'phone' as const, value: `06399812${10 + n}` })),
      fc.integer({ min: 0, max: 30 }).map((n) => ({ system: 'email' as const, value: `A${n}@Example.org` })),
    );
    const use = fc.constantFrom(undefined, 'home' as const, 'work' as const);
    const telecoms = fc.array(
      fc.tuple(telecom, use).map(([point, its]) => ({ ...point, use: its })),
      { maxLength: 10 },
    );
    const name = fc.constantFrom('Durand', ' le  Goff', 'Éve');
    const patient = fc.record({
      familyName: name,
      givenNames: fc.array(name, { minLength: 1, maxLength: 3 }),
      birthName: fc.option(name, { nil: undefined }),
      gender: fc.constantFrom(...genders),
      // One of a system at most, so that no two contradict each other.
      identifiers: fc
        .uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 10 })
        .map((systems) => systems.map((system) => ({ system: `urn:x:${system}`, value: '1' }))),
      telecom: telecoms,
      contacts: fc.array(
        fc.record({
          relationship: fc.constantFrom(...relationships),
          familyName: name,
          telecom: telecoms.map((all) => all.slice(0, 5)),
        }),
        { maxLength: 10 },
      ),
    });
    const rules = { mode: 'demonstration' as const, now: new Date('2026-11-20T10:00:00Z') };
    fc.assert(
      fc.property(fc.array(patient, { minLength: 2, maxLength: 8 }), (inputs) => {
        const [first, ...others] = inputs.map((input) => readDetails({ ...input, birthDate: '1980-01-31' }, rules));
        let survivor = first as PatientDetails;
        for (const other of others) {
          const completed = { ...survivor, ...completedBy(survivor, other) };
          if (tooLongTogether(completed).length === 0) survivor = completed;
        }
        expect(readDetails(survivor, rules, survivor)).toEqual(survivor);
        for (const list of [survivor.telecom, survivor.contacts, survivor.identifiers]) {
          expect(list.length).toBeLessThanOrEqual(mergedCountMax);
        }
      }),
    );
  });
});
