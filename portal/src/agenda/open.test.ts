import { expect, it } from 'vitest';
import type { Schedule } from '../api/types.ts';
import { openOn } from './open.ts';

const monday = '2026-11-23';
const usual = { daysOfWeek: ['mon' as const], placeId: 'c' };
const schedule = (change: Partial<Schedule>): Schedule => ({
  ...{ practitionerId: 'p', version: 1, rules: [], holidays: [], exceptions: [], extraOpenings: [], absences: [] },
  hours: [],
  ...change,
});
const places = [
  { id: 'c', name: 'Centre', zone: 'Europe/Paris' },
  { id: 'd', name: 'Dispensary', zone: 'Europe/Paris' },
];

it('is what the hours say, at any place, joined where one goes on after the other', () => {
  const hours = [
    { ...usual, startTime: '09:00', endTime: '12:00' },
    { ...usual, startTime: '14:00', endTime: '16:00' },
    { ...usual, placeId: 'd', startTime: '16:00', endTime: '18:30' },
  ];
  expect(openOn(schedule({ hours }), monday, places)).toEqual([
    { from: 540, to: 720 },
    { from: 840, to: 1110 },
  ]);
});

it('goes on until midnight, and after it on the next day', () => {
  const hours = [{ ...usual, startTime: '22:00', endTime: '02:00' }];
  expect(openOn(schedule({ hours }), monday, places)).toEqual([{ from: 1320, to: 1440 }]);
  expect(openOn(schedule({ hours }), '2026-11-24', places)).toEqual([{ from: 0, to: 120 }]);
});

it('is nothing while somebody is away', () => {
  const hours = [{ ...usual, startTime: '09:00', endTime: '12:00' }];
  const absences = [{ startDate: monday, endDate: monday }] as Schedule['absences'];
  expect(openOn(schedule({ hours, absences }), monday, places)).toEqual([]);
});
