import { describe, expect, it } from 'vitest';
import { deniedIn } from './no-known-allergy.js';

const snomed = (code: string) => ({ text: 'As coded', coding: [{ system: 'http://snomed.info/sct', code }] });

describe('what stands for an allergy', () => {
  it.each([
    snomed('716186003'),
    snomed('160244002'),
    { text: 'No known allergies' },
    { text: 'NKA' },
    { text: 'no allergies.' },
    { text: 'Aucune allergie connue' },
    { text: 'pas d’allergie' },
  ])('says that none is known at all: %j', (concept) => expect(deniedIn(concept)).toMatchObject({ isWhole: true }));

  it.each([
    snomed('409137002'),
    snomed('428607008'),
    snomed('429625007'),
    snomed('428197003'),
    snomed('716184000'),
    { text: 'NKDA' },
    { text: 'No known drug allergies' },
    {
      text: 'None',
      coding: [
        { system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', code: 'no-known-food-allergies' },
      ],
    },
  ])('says that none of a kind is known: %j', (concept) => expect(deniedIn(concept)).toMatchObject({ isWhole: false }));

  it.each([
    snomed('91936005'),
    { text: 'Penicillin' },
    { text: 'Allergy to nuts, no known reaction to fish' },
    { text: 'Noni juice' },
    { text: 'x', coding: [{ system: 'http://snomed.info/sct/32506021000036107', code: '716186003x' }] },
  ])('is one: %j', (concept) => expect(deniedIn(concept)).toBeUndefined());

  it('is named where it says so', () =>
    expect(deniedIn({ text: 'x', coding: [{ system: 'local', code: '1' }, ...snomed('716186003').coding] })?.path).toBe(
      'code.coding[1].code',
    ));
});
