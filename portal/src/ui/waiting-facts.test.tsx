import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Waiting } from '../api/types.ts';
import { WaitingTerms } from './waiting-facts.tsx';

const waiting = (more: Partial<Waiting>) =>
  ({ fromDate: '2026-11-30', untilDate: '2026-12-18', times: [], noticeMinutes: 120, ...more }) as Waiting;
const termsOf = (more: Partial<Waiting>, language: 'en' | 'fr') =>
  show(<WaitingTerms waiting={waiting(more)} />, language)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

it('says that any day and any time will do', () => {
  expect(termsOf({}, 'en').slice(1)).toEqual(['On any day, at any time', 'Told at least 2 hours before']);
});

it('says days in their order and times, whole days as such, and long notice in days', () => {
  const times: Waiting['times'] = [
    { daysOfWeek: ['thu', 'mon'], startTime: '14:00', endTime: '18:00' },
    { daysOfWeek: ['sat'], startTime: '00:00', endTime: '24:00' },
  ];
  expect(termsOf({ times, noticeMinutes: 2_880 }, 'fr')).toEqual([
    'Du 30 nov. 2026 au 18 déc. 2026',
    'Le lundi ou jeudi, entre 14:00 et 18:00',
    'Le samedi',
    'Prévenir au moins 2 jours avant',
  ]);
});
