import { describe, expect, it } from 'vitest';
import { PracticeHours } from './practice-hours.js';
import { areMany, areMore, type Look, type Person, reasonsFor, severityOf } from './unusual-rules.js';

const hours = new PracticeHours('mon-fri 07:00-20:00', 'Europe/Paris');
const noon = new Date('2026-11-20T11:00:00Z');
const address = (line: string[], postalCode = '69003') => ({ line, postalCode, city: 'Lyon', country: 'FR' });

const doctor: Person = { familyName: 'Brun', address: address(['3 rue des Lilas']) };
const somebody = { familyName: 'Lefèvre', worksHere: false, isOfPublicInterest: false };
const reasons = (patient: Partial<Look['patient']>, { by = doctor, at = noon, among = 1 }: Partial<Look> = {}) =>
  reasonsFor({ by, at, among, patient: { ...somebody, ...patient } }, hours);

describe('a look at a patient', () => {
  it('is usual by day, of somebody who is nobody in particular', () => expect(reasons({})).toEqual([]));

  it('is unusual of who works in the practice, and of who is marked as of public interest', () => {
    expect(reasons({ worksHere: true })).toEqual(['colleague']);
    expect(reasons({ isOfPublicInterest: true })).toEqual(['public-interest']);
  });

  it.each([
    ['Brun', undefined, true],
    ['BRÜN', undefined, true],
    ['Lefèvre', 'Brun', true],
    ['Brunet', undefined, false],
    ['', undefined, false],
  ])('is of a namesake: %s, born %s is %s', (familyName, birthName, expected) => {
    expect(reasons({ familyName, birthName }).includes('same-name')).toBe(expected);
  });

  it('is of no namesake when who looked has no name here, nor of two whose data was erased', () => {
    expect(reasonsFor({ at: noon, among: 1, patient: { ...somebody, familyName: 'Brun' } }, hours)).toEqual([]);
    expect(reasons({ familyName: '' }, { by: { familyName: '' } })).toEqual([]);
  });

  it.each([
    [address(['12 rue des Lilas']), true],
    [address(['3 bis, Rue des lilas', 'Bâtiment B']), true],
    [address(['3 rue des Lilas'], '69004'), false],
    [address(['3 avenue des Lilas']), false],
    [undefined, false],
  ])('is of a neighbour: %j is %s', (its, expected) => {
    expect(reasons({ address: its }).includes('same-street')).toBe(expected);
  });

  it('takes two for no neighbours by what stands within their houses', () => {
    const [by, at] = [{ familyName: 'Brun', address: address(['8 quai Fulchiron', 'Bâtiment B']) }, noon];
    expect(reasons({ address: address(['3 rue Royale', 'bâtiment B']) }, { by, at })).toEqual([]);
  });

  it('is unusual outside the hours of the practice', () => {
    expect(reasons({}, { at: new Date('2026-11-20T22:00:00Z') })).toEqual(['outside-hours']);
    expect(reasons({}, { at: new Date('2026-11-22T11:00:00Z') })).toEqual(['outside-hours']);
  });
});

describe('a patient in a list that shows all details', () => {
  const night = new Date('2026-11-20T22:00:00Z');
  const watched = { worksHere: true, isOfPublicInterest: true };

  it('is looked at where there are few', () => {
    expect(reasons(watched, { among: 5 })).toEqual(['colleague', 'public-interest']);
  });

  it('may be where there are many, and nobody is but who is watched', () => {
    expect(reasons(watched, { among: 6 })).toEqual(['listed']);
    expect(reasons(watched, { among: 6, at: night })).toEqual(['listed', 'outside-hours']);
    expect(reasons({ familyName: 'Brun', address: doctor.address }, { among: 3, at: night })).toEqual([]);
    expect(severityOf(['listed'])).toBe('low');
  });
});

describe('what is found unusual', () => {
  it('is reviewed always when it weighs much, or when two things come together', () => {
    expect(severityOf(['same-name'])).toBe('low');
    expect(severityOf(['outside-hours'])).toBe('low');
    expect(severityOf(['same-name', 'same-street'])).toBe('high');
    for (const reason of ['colleague', 'public-interest', 'many-patients'] as const) {
      expect(severityOf([reason])).toBe('high');
    }
  });
});

describe('many patients within an hour', () => {
  it.each([
    // Few are never many, however few are usual.
    [{ patients: 20, usual: 2, hours: 100 }, false],
    [{ patients: 21, usual: 2, hours: 100 }, true],
    [{ patients: 90, usual: 30, hours: 100 }, false],
    [{ patients: 91, usual: 30, hours: 100 }, true],
    // Of a newcomer nobody knows what is usual.
    [{ patients: 60, usual: 1, hours: 9 }, false],
    [{ patients: 61, usual: 40, hours: 9 }, true],
  ])('are measured by what somebody usually sees: %j is %s', (busyness, expected) =>
    expect(areMany(busyness)).toBe(expected),
  );
});

it.each([
  [122, 61, false],
  [123, 61, true],
  [undefined, 0, false],
  // What was judged was about one patient.
  [61, 0, true],
])('%s patients are asked about again where %s were judged: %s', (patients, judged, expected) =>
  expect(areMore(patients, judged)).toBe(expected),
);
