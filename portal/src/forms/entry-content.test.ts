import { describe, expect, it } from 'vitest';
import type { Allergy, Condition, Encounter } from '../api/types.ts';
import { allergyLacks, allergyOf, allergyValues } from './allergy-fields.tsx';
import { conditionOf, conditionValues } from './condition-fields.tsx';
import { encounterLacks, encounterOf, encounterValues } from './encounter-fields.tsx';

const zone = 'Europe/Paris';
const meta = {
  id: 'i',
  version: 3,
  author: { id: 'a', role: 'practitioner' as const },
  at: '2026-11-23T08:41:07.000Z',
};

/** Each with all that the API lets one say. */
const allergy = {
  code: { text: 'Penicillin', coding: [{ system: 'http://snomed.info/sct', code: '91936005' }] },
  clinicalStatus: 'resolved',
  verificationStatus: 'unconfirmed',
  type: 'intolerance',
  category: 'medication',
  criticality: 'unable-to-assess',
  onset: '2019-05',
  reactions: [
    { manifestation: ['Hives, itching', 'Swollen lips'], severity: 'severe', onset: '2019' },
    { manifestation: ['Cough'] },
  ],
  note: 'Told by the mother',
} as const;
const condition = {
  code: { text: 'Asthma', coding: [{ system: 'http://snomed.info/sct', code: '195967001' }] },
  clinicalStatus: 'remission',
  verificationStatus: 'differential',
  severity: 'mild',
  onset: '2011',
  abatement: '2020-05-31',
  note: 'With pollen',
} as const;
const encounter = {
  status: 'finished',
  class: 'HH',
  period: { start: '2026-11-23T09:30:17.000Z', end: '2026-11-24T00:10:00.000Z' },
  reason: 'Fell from a ladder',
} as const;

describe('a form that sends a whole entry', () => {
  it('loses nothing of what the entry says and was not changed', () => {
    const stored = { ...structuredClone(allergy), ...meta } as unknown as Allergy;
    expect(allergyOf(allergyValues(stored), stored)).toEqual(allergy);
    const other = { ...structuredClone(condition), ...meta } as unknown as Condition;
    expect(conditionOf(conditionValues(other), other)).toEqual(condition);
    const visit = { ...encounter, ...meta, practitionerId: 'p' } as Encounter;
    expect(encounterOf(encounterValues(visit, zone), zone, visit)).toEqual(encounter);
  });

  it('says nothing of fields that were left empty, and takes dates as they are written here', () => {
    const stored = { ...structuredClone(allergy), ...meta } as unknown as Allergy;
    const none = { risk: '', type: '', category: '', onset: ' 31/05/2019 ', note: ' ' } as const;
    expect(allergyOf({ ...allergyValues(stored), ...none, reactions: [] }, stored)).toEqual({
      code: allergy.code,
      clinicalStatus: 'resolved',
      verificationStatus: 'unconfirmed',
      onset: '2019-05-31',
    });
  });

  it('drops the code of a terminology with the words that it was of', () => {
    const stored = { ...structuredClone(allergy), ...meta } as unknown as Allergy;
    expect(allergyOf({ ...allergyValues(stored), substance: 'Latex' }, stored).code).toEqual({ text: 'Latex' });
  });

  it('wants what was seen of a reaction that was begun, and an end of what is finished', () => {
    const stored = { ...structuredClone(allergy), ...meta } as unknown as Allergy;
    const reactions = [{ seen: '', severity: 'mild' as const, onset: '' }];
    expect(allergyLacks({ ...allergyValues(stored), substance: ' ', reactions })).toEqual([
      'code',
      'reactions[0].manifestation',
    ]);
    const visit = { ...encounter, ...meta, practitionerId: 'p' } as Encounter;
    expect(encounterLacks({ ...encounterValues(visit, zone), endTime: '' })).toEqual(['period.end.time']);
  });

  it('keeps which of the two hours was meant that the clock shows twice', () => {
    const visit = { ...encounter, ...meta, practitionerId: 'p' } as Encounter;
    for (const start of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) {
      const stored = { ...visit, period: { start } };
      expect(encounterValues(stored, zone)).toMatchObject({ startDay: '2026-10-25', startTime: '02:30', endTime: '' });
      expect(encounterOf(encounterValues(stored, zone), zone, stored).period).toEqual({ start });
    }
  });
});
