import { describe, expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Allergy, Condition, Encounter } from '../api/types.ts';
import { AllergyFacts, ConditionFacts, EncounterFacts } from './record-facts.tsx';

const meta = { id: 'e', version: 1, author: { id: 'u', role: 'practitioner' }, at: '2026-09-14T09:10:00Z' } as const;
const penicillin: Allergy = {
  ...meta,
  code: { text: 'Penicillin', coding: [{ system: 'http://snomed.info/sct', code: '91936005' }] },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  type: 'allergy',
  category: 'medication',
  criticality: 'high',
  onset: '2019-05',
  reactions: [{ manifestation: ['hives', 'fever'], severity: 'mild', onset: '2019-05-31' }],
};
const said = (what: Parameters<typeof show>[0], language: 'en' | 'fr' = 'en') =>
  [...show(what, language).container.querySelectorAll('p')].map(({ textContent }) => textContent);

describe('what an entry says, in plain words', () => {
  it('of an allergy: how sure it is, what it is to, whether it is dangerous, and what was seen', () => {
    expect(said(<AllergyFacts allergy={penicillin} />)).toEqual([
      'Penicillin',
      'confirmed · to be heeded now · allergy · medicine · since: May 2019',
      'It can be dangerous: say so before every treatment.',
      'What was seen: hives, fever, mild, May 31, 2019',
    ]);
    expect(said(<AllergyFacts allergy={penicillin} />, 'fr')).toEqual([
      'Penicillin',
      'confirmée · à prendre en compte · allergie · médicament · depuis : mai 2019',
      'Elle peut être dangereuse : dites-le avant tout traitement.',
      'Ce qui a été observé : hives, fever, légère, 31 mai 2019',
    ]);
  });

  it('of an allergy that was ruled out: that alone', () => {
    expect(said(<AllergyFacts allergy={{ ...penicillin, verificationStatus: 'refuted', reactions: [] }} />)).toEqual([
      'Penicillin',
      'looked into, and ruled out · allergy · medicine · since: May 2019',
    ]);
  });

  it('of an illness: how it goes, how sure it is, since when and until when', () => {
    const asthma: Condition = {
      ...meta,
      code: { text: 'Asthma' },
      clinicalStatus: 'resolved',
      verificationStatus: 'provisional',
      severity: 'moderate',
      onset: '2011',
      abatement: '2020-02-01',
      note: 'Since childhood.',
    };
    expect(said(<ConditionFacts condition={asthma} />)).toEqual([
      'Asthma',
      'over · a first assumption · moderate · since: 2011 · until: Feb 1, 2020',
      'Since childhood.',
    ]);
  });

  it('of a visit: with whom, whether it took place, where and what for', () => {
    const visit: Encounter = {
      ...meta,
      status: 'finished',
      class: 'VR',
      period: { start: '2026-09-14T09:00:00Z' },
      practitionerId: 'p',
      reason: 'Check',
    };
    expect(said(<EncounterFacts encounter={visit} nameOf={() => 'Anne Bernard'} />, 'fr')).toEqual([
      '14 septembre 2026',
      'Anne Bernard · a eu lieu · par téléphone ou vidéo',
      'Pour quoi : Check',
    ]);
  });
});
