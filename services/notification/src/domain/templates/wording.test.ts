import { describe, expect, it } from 'vitest';
import { timeIn, valuesOf } from './wording.js';

const visit = (start: string, zone = 'Europe/Paris') => ({
  start: new Date(start),
  zone,
  practitioner: 'Alice Bernard',
  place: 'Cabinet des Lilas',
});
const said = { practice: 'Cabinet des Lilas', zone: 'Europe/Paris', link: 'https://cabinet.example' };

describe('a time in a message', () => {
  it('is that of the clock at the place, in the language of its recipient', () => {
    const at = new Date('2026-12-08T08:30:00Z');
    expect(timeIn('fr', at, 'Europe/Paris')).toBe('mardi 8 décembre 2026 à 09:30');
    expect(timeIn('fr', new Date('2026-12-01T08:30:00Z'), 'Europe/Paris')).toBe('mardi 1er décembre 2026 à 09:30');
    expect(timeIn('fr', new Date('2026-12-11T08:30:00Z'), 'Europe/Paris')).toBe('vendredi 11 décembre 2026 à 09:30');
    expect(timeIn('en', at, 'Indian/Reunion')).toBe('Tuesday 8 December 2026 at 12:30');
    expect(timeIn('fr', at, 'America/Martinique')).toBe('mardi 8 décembre 2026 à 04:30');
  });

  it('is right in both nights in which the clocks change', () => {
    const [before, after] = ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z'].map((at) => new Date(at)) as [Date, Date];
    expect([timeIn('fr', before, 'Europe/Paris'), timeIn('fr', after, 'Europe/Paris')]).toEqual([
      'dimanche 29 mars 2026 à 01:59',
      'dimanche 29 mars 2026 à 03:00',
    ]);
    const twice = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) =>
      timeIn('en', new Date(at), 'Europe/Paris'),
    );
    expect(twice).toEqual(['Sunday 25 October 2026 at 02:30', 'Sunday 25 October 2026 at 02:30']);
    expect(timeIn('en', new Date('2026-12-07T23:00:00Z'), 'Europe/Paris')).toBe('Tuesday 8 December 2026 at 00:00');
  });
});

describe('the words of a message', () => {
  it('greet the guardian and name the child', () => {
    const values = valuesOf({
      ...said,
      language: 'fr',
      audience: 'guardian',
      recipient: 'Paul Lefèvre',
      patient: 'Émile',
      visits: [visit('2026-12-08T08:30:00Z')],
    });
    expect(values).toMatchObject({ recipient: 'Paul Lefèvre', yourVisit: 'le rendez-vous d’Émile', about: 'Émile' });
  });

  it('say several visits in their order, a line each', () => {
    const visits = [visit('2026-12-08T08:30:00Z'), visit('2026-12-08T14:00:00Z')];
    const values = valuesOf({ ...said, language: 'en', audience: 'self', recipient: 'Claire', visits });
    expect(values.yourVisit).toBe('your appointments');
    expect(values.visits?.split('\n')).toEqual([
      'Tuesday 8 December 2026 at 09:30, Alice Bernard, Cabinet des Lilas',
      'Tuesday 8 December 2026 at 15:00, Alice Bernard, Cabinet des Lilas',
    ]);
  });

  it('of a code name nobody', () => {
    const code = { code: '7K3F', goodUntil: new Date('2026-12-08T08:30:00Z') };
    expect(valuesOf({ ...said, language: 'fr', audience: 'self', code })).toEqual({
      practice: said.practice,
      link: said.link,
      about: 'vous',
      code: '7K3F',
      goodUntil: 'mardi 8 décembre 2026 à 09:30',
    });
  });
});
