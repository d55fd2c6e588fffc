import { describe, expect, it } from 'vitest';
import { usualRules } from './booking-rules.js';
import { assertSchedule, emptySchedule, type Schedule, type WorkingHours } from './schedule.js';

const monday: WorkingHours = { placeId: 'cabinet', daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' };
const tuesday: WorkingHours = { ...monday, daysOfWeek: ['tue'] };
const rules = { ...usualRules, appointmentTypeId: 'consultation' };

const check = (parts: Partial<Schedule>) => () =>
  assertSchedule(
    { ...emptySchedule('bernard'), version: 1, ...parts },
    {
      placeIds: new Set(['cabinet']),
      appointmentTypeIds: new Set(['consultation']),
      resourceIds: new Set(['room']),
    },
  );

describe('assertSchedule', () => {
  it.each<[string, Partial<Schedule>]>([
    ['hours that touch', { hours: [monday, { ...monday, startTime: '12:00', endTime: '24:00' }] }],
    ['the same hours on other days', { hours: [monday, tuesday] }],
    [
      'the same hours at other times of the year',
      {
        hours: [
          { ...monday, validUntil: '2026-06-30' },
          { ...monday, validFrom: '2026-07-01' },
        ],
      },
    ],
    ['breaks within', { hours: [{ ...monday, breaks: [{ startTime: '10:00', endTime: '10:15' }] }] }],
    ['a day that is closed', { exceptions: [{ date: '2026-12-24', placeId: 'cabinet', periods: [] }] }],
    [
      'an absence over midnight',
      { absences: [{ startDate: '2026-12-24', endDate: '2026-12-25', startTime: '18:00', endTime: '08:00' }] },
    ],
    [
      'hours past midnight, with breaks on both sides of it, up to those of the next day',
      {
        hours: [
          {
            ...monday,
            startTime: '22:00',
            endTime: '02:00',
            breaks: [
              { startTime: '23:45', endTime: '00:15' },
              { startTime: '01:00', endTime: '01:10' },
            ],
          },
          { ...tuesday, startTime: '02:00' },
        ],
      },
    ],
    [
      'hours past midnight before others that hold from the next day but one on',
      {
        hours: [
          { ...monday, startTime: '22:00', endTime: '02:00', validUntil: '2026-11-23' },
          { ...tuesday, startTime: '00:00', validFrom: '2026-11-25' },
        ],
      },
    ],
    ['rules with a room', { rules: [{ ...rules, needs: [{ anyOf: ['room'] }] }] }],
  ])('accepts %s', (_, parts) => {
    expect(check(parts)).not.toThrow();
  });

  it.each<[string, Partial<Schedule>, string, string]>([
    [
      'an end before the start',
      { hours: [monday, { ...tuesday, endTime: '08:00' }] },
      'hours[1].endTime',
      'END_BEFORE_START',
    ],
    [
      'an overlap past midnight',
      {
        hours: [
          { ...tuesday, startTime: '01:00' },
          { ...monday, startTime: '22:00', endTime: '02:00' },
        ],
      },
      'hours[1]',
      'OVERLAP',
    ],
    [
      'an overlap from the last day of the week into the first',
      {
        hours: [
          { ...monday, daysOfWeek: ['sun'], startTime: '22:00', endTime: '02:00' },
          { ...monday, startTime: '01:30' },
        ],
      },
      'hours[1]',
      'OVERLAP',
    ],
    [
      'a break after hours that go on past midnight',
      {
        hours: [
          { ...monday, startTime: '22:00', endTime: '02:00', breaks: [{ startTime: '01:45', endTime: '02:15' }] },
        ],
      },
      'hours[0].breaks[0]',
      'OUTSIDE_PERIOD',
    ],
    ['no length', { hours: [{ ...monday, endTime: '09:00' }] }, 'hours[0].endTime', 'END_BEFORE_START'],
    ['a time that is none', { hours: [{ ...monday, startTime: '25:00' }] }, 'hours[0].startTime', 'INVALID_TIME'],
    ['a place of nobody', { hours: [{ ...monday, placeId: 'x' }] }, 'hours[0].placeId', 'UNKNOWN_PLACE'],
    ['an overlap', { hours: [monday, { ...monday, startTime: '11:00', endTime: '13:00' }] }, 'hours[1]', 'OVERLAP'],
    [
      'an overlap in a part of the year',
      {
        hours: [
          { ...monday, validUntil: '2026-06-30' },
          { ...monday, validFrom: '2026-06-30' },
        ],
      },
      'hours[1]',
      'OVERLAP',
    ],
    [
      'a break outside the period',
      { hours: [{ ...monday, breaks: [{ startTime: '11:45', endTime: '12:15' }] }] },
      'hours[0].breaks[0]',
      'OUTSIDE_PERIOD',
    ],
    [
      'breaks that overlap',
      {
        hours: [
          {
            ...monday,
            breaks: [
              { startTime: '10:00', endTime: '10:30' },
              { startTime: '10:15', endTime: '10:45' },
            ],
          },
        ],
      },
      'hours[0].breaks[1]',
      'OVERLAP',
    ],
    [
      'a date that does not exist',
      { exceptions: [{ date: '2026-02-30', placeId: 'cabinet', periods: [] }] },
      'exceptions[0].date',
      'NO_SUCH_DATE',
    ],
    [
      'two exceptions of one day',
      {
        exceptions: [
          { date: '2026-12-24', placeId: 'cabinet', periods: [] },
          { date: '2026-12-24', placeId: 'cabinet', periods: [] },
        ],
      },
      'exceptions[1]',
      'TWICE',
    ],
    [
      'an absence that ends before it begins',
      { absences: [{ startDate: '2026-12-24', endDate: '2026-12-23' }] },
      'absences[0].endDate',
      'END_BEFORE_START',
    ],
    [
      'an absence of more than two years',
      { absences: [{ startDate: '2026-12-24', endDate: '2028-12-25' }] },
      'absences[0].endDate',
      'TOO_LONG',
    ],
    [
      'an absence of no length',
      { absences: [{ startDate: '2026-12-24', endDate: '2026-12-24', startTime: '12:00', endTime: '12:00' }] },
      'absences[0].endTime',
      'END_BEFORE_START',
    ],
    [
      'hours for a type of nobody',
      { hours: [{ ...monday, appointmentTypeIds: ['x'] }] },
      'hours[0].appointmentTypeIds',
      'UNKNOWN_TYPE',
    ],
    [
      'rules for a type of nobody',
      { rules: [{ ...rules, appointmentTypeId: 'x' }] },
      'rules[0].appointmentTypeId',
      'UNKNOWN_TYPE',
    ],
    [
      'a room that there is not',
      { rules: [{ ...rules, needs: [{ anyOf: ['x'] }] }] },
      'rules[0].needs[0].anyOf',
      'UNKNOWN_RESOURCE',
    ],
    [
      'an alignment that is never met',
      { rules: [{ ...rules, alignment: { everyMinutes: 30, offsetMinutes: 30 } }] },
      'rules[0].alignment.offsetMinutes',
      'TOO_LARGE',
    ],
    [
      'a video link that is no web address',
      { rules: [{ ...rules, modes: ['video'], videoLink: 'javascript:alert(1)' }] },
      'rules[0].videoLink',
      'INVALID_LINK',
    ],
  ])('refuses %s, naming the row', (_, parts, path, code) => {
    expect(check(parts)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE.INVALID_HOURS',
        fields: expect.arrayContaining([expect.objectContaining({ path, code })]),
      }),
    );
  });
});
