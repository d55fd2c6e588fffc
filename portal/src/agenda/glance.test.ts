import { describe, expect, it } from 'vitest';
import type { Appointment, Schedule } from '../api/types.ts';
import { glanceOf, joined } from './glance.ts';

const day = '2026-11-23';
const at = (from: string, to: string, status: Appointment['status'] = 'booked'): Appointment =>
  ({ id: from + status, status, start: `${day}T${from}:00Z`, end: `${day}T${to}:00Z`, zone: 'UTC' }) as Appointment;

const nothing = { exceptions: [], extraOpenings: [], absences: [], holidays: [], rules: [] };
const schedule = {
  ...{ practitionerId: 'p', version: 1, ...nothing },
  hours: [
    { placeId: 'a', daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' },
    { placeId: 'b', daysOfWeek: ['mon'], startTime: '14:00', endTime: '16:00' },
  ],
} as unknown as Schedule;
const practitioner = { places: [{ id: 'a' }, { id: 'b' }] as never };
const glance = (appointments: Appointment[], of: Schedule | undefined = schedule) =>
  glanceOf(practitioner, appointments, of, day);

describe('a day at a glance', () => {
  it('is free where somebody receives, at whichever place, and nobody comes', () => {
    const { open, freeMinutes } = glance([at('09:00', '09:30'), at('09:15', '10:00', 'arrived'), at('13:30', '14:30')]);
    expect(open).toEqual([
      { from: 540, to: 720 },
      { from: 840, to: 960 },
    ]);
    // Of five hours one is taken in the morning, though two come at once, and half of one in the afternoon.
    expect(freeMinutes).toBe(300 - 60 - 30);
  });

  it('tells who is to come, who has arrived and what is over, and passes over what was cancelled', () => {
    const { booked, waiting, past } = glance([
      ...[at('09:00', '09:30'), at('09:30', '10:00', 'pending'), at('10:00', '10:30', 'arrived')],
      ...[at('10:30', '11:00', 'fulfilled'), at('11:00', '11:30', 'noshow'), at('11:30', '12:00', 'cancelled')],
    ]);
    expect([booked.length, waiting.length, past.length]).toEqual([2, 1, 2]);
  });

  it('knows nothing of free time while the hours are not known', () => {
    const { open, freeMinutes, isAway } = glanceOf(practitioner, [at('09:00', '09:30')], undefined, day);
    expect([open, freeMinutes, isAway]).toEqual([undefined, undefined, false]);
  });

  it('has no free time on a day on which somebody is away', () => {
    const absences = [{ startDate: day, endDate: day }] as Schedule['absences'];
    expect(glance([at('09:00', '09:30')], { ...schedule, absences })).toMatchObject({ isAway: true, freeMinutes: 0 });
  });

  it('ends at midnight of hours that go on', () => {
    const night = { placeId: 'a', daysOfWeek: ['mon'], startTime: '20:00', endTime: '02:00' };
    expect(glance([], { ...schedule, hours: [night] as Schedule['hours'] }).open).toEqual([{ from: 1_200, to: 1_440 }]);
  });
});

it('joins what touches or overlaps, whatever its order', () => {
  const spans = [
    { from: 60, to: 90 },
    { from: 0, to: 30 },
    { from: 10, to: 60 },
    { from: 100, to: 110 },
  ];
  expect(joined(spans)).toEqual([
    { from: 0, to: 90 },
    { from: 100, to: 110 },
  ]);
});
