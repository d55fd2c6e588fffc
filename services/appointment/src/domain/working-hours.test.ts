import { describe, expect, it } from 'vitest';
import { assertWorkingHours, type WorkingHours } from './working-hours.js';

const monday: WorkingHours = { placeId: 'cabinet', daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' };
const check =
  (...hours: WorkingHours[]) =>
  () =>
    assertWorkingHours(hours, new Set(['cabinet']));

describe('assertWorkingHours', () => {
  it('accepts hours that touch, and the same hours on other days', () => {
    expect(
      check(monday, { ...monday, startTime: '12:00', endTime: '24:00' }, { ...monday, daysOfWeek: ['tue'] }),
    ).not.toThrow();
  });

  it.each([
    ['an end before the start', { ...monday, endTime: '08:00' }, 'hours[1].endTime', 'END_BEFORE_START'],
    ['no length', { ...monday, endTime: '09:00' }, 'hours[1].endTime', 'END_BEFORE_START'],
    [
      'a time that is none',
      { ...monday, daysOfWeek: ['tue' as const], startTime: '25:00' },
      'hours[1].startTime',
      'INVALID_TIME',
    ],
    [
      'a place of nobody',
      { ...monday, daysOfWeek: ['tue' as const], placeId: 'x' },
      'hours[1].placeId',
      'UNKNOWN_PLACE',
    ],
    ['an overlap', { ...monday, startTime: '11:00', endTime: '13:00' }, 'hours[1]', 'OVERLAP'],
  ])('refuses %s, naming the row', (_, row, path, code) => {
    expect(check(monday, row)).toThrow(
      expect.objectContaining({ fields: expect.arrayContaining([expect.objectContaining({ path, code })]) }),
    );
  });
});
