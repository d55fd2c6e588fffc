import { describe, expect, it } from 'vitest';
import { completedBy } from './merge-patients.js';
import type { PatientDetails } from './patient.js';

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
});
