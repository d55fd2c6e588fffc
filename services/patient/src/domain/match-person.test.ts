import { describe, expect, it } from 'vitest';
import { compare, MatchPerson } from './match-person.js';
import type { Patient } from './patient.js';
import type { PatientCriteria } from './ports.js';

const patient = (details: Partial<Patient> = {}): Patient => ({
  id: 'a',
  version: 1,
  active: true,
  familyName: 'Lefèvre',
  givenNames: ['Claire', 'Marie'],
  birthDate: '1980-01-31',
  gender: 'female',
  identifiers: [],
  telecom: [{ system: 'email', value: 'Claire@example.org' }],
  contacts: [],
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...details,
});
const said = { familyName: 'Lefevre', givenNames: ['Claire'], birthDate: '1980-01-31', email: 'claire@example.org' };
const agreements = (details: Partial<Patient>, more: object = {}) => {
  const { patient: _, ...rest } = compare({ ...said, ...more }, patient(details));
  return rest;
};

describe('what agrees of a patient with who somebody says they are', () => {
  it('is told of each thing by itself', () => {
    expect(agreements({})).toEqual({
      familyName: 'same',
      givenNames: 'same',
      birthDate: 'same',
      email: 'same',
      phone: 'unknown',
    });
  });
  it.each<[string, Partial<Patient>, object, object]>([
    ['a slip of the pen', { familyName: 'Lefebvre' }, {}, { familyName: 'similar' }],
    ['the birth name', { familyName: 'Durand', birthName: 'LEFÈVRE' }, {}, { familyName: 'same' }],
    ['another name', { familyName: 'Durand' }, {}, { familyName: 'different' }],
    ['a second given name', { givenNames: ['Marie', 'Claire'] }, {}, { givenNames: 'same' }],
    ['another given name', { givenNames: ['Jeanne'] }, {}, { givenNames: 'different' }],
    ['another day', { birthDate: '1981-01-31' }, {}, { birthDate: 'different' }],
    ['another address', { telecom: [{ system: 'email', value: 'c@example.org' }] }, {}, { email: 'different' }],
    ['no address', { telecom: [] }, {}, { email: 'unknown' }],
    [
      'a number',
      { telecom: [{ system: 'phone', value: '+33612345678' }] },
      { phone: '+33612345678' },
      { phone: 'same' },
    ],
  ])('knows %s', (_, details, more, expected) => expect(agreements(details, more)).toMatchObject(expected));
});

describe('who a person may be', () => {
  const all = [
    patient({ id: 'namesake', birthDate: '1980-02-01', telecom: [] }),
    patient({ id: 'same', telecom: [] }),
    patient({ id: 'twin', givenNames: ['Jeanne'], telecom: [] }),
    patient({ id: 'husband', familyName: 'Durand', givenNames: ['Paul'], birthDate: '1979-05-05' }),
  ];
  const patients = {
    search: async ({ birthDate, reachedAt }: PatientCriteria) =>
      all.filter((each) =>
        birthDate
          ? each.birthDate === birthDate
          : each.telecom.some(({ value }) => reachedAt?.includes(value.toLowerCase())),
      ),
  };

  it('is found by birth date and name, and by where they are reached, the best first', async () => {
    const found = await new MatchPerson(patients).find(said);
    expect(found.map((match) => match.patient.id)).toEqual(['same', 'husband']);
  });

  it.each([
    [{ birthDate: '1980-02-30' }, 'birthDate'],
    [{ givenNames: [] }, 'givenNames'],
    [{ familyName: '   ' }, 'familyName'],
    [{ phone: '12' }, 'phone'],
    [{ email: 'nowhere' }, 'email'],
  ])('is not looked for by %j', async (wrong, path) => {
    await expect(new MatchPerson(patients).find({ ...said, ...wrong })).rejects.toMatchObject({
      fields: [{ path }],
    });
  });
});
