import { expect, it } from 'vitest';
import type { Appointment } from '../api/types.ts';
import { nextVisit } from './next-visit.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const visit = (patientId: string, status: Appointment['status'], end: string, arrivedAt?: string) =>
  ({
    id: patientId,
    patientId,
    status,
    end: `2026-11-23T${end}:00Z`,
    arrivedAt: arrivedAt && `2026-11-23T${arrivedAt}:00Z`,
  }) as Appointment;
const next = (items: Appointment[], besides?: string) => nextVisit(items, now, besides)?.patientId;

it('who has waited longest comes in next, whoever was to come first', () => {
  const items = [
    visit('ana', 'booked', '09:30'),
    visit('ben', 'arrived', '10:00', '08:55'),
    visit('cem', 'arrived', '10:30', '08:40'),
  ];
  expect(next(items)).toBe('cem');
  expect(next(items, 'cem')).toBe('ben');
});

it('when nobody waits, it is who is expected next; whose time is over, or who is not to come, is not', () => {
  const items = [
    visit('ana', 'booked', '08:30'),
    visit('ben', 'cancelled', '09:30'),
    visit('cem', 'noshow', '09:30'),
    visit('dora', 'booked', '10:00'),
  ];
  expect(next(items)).toBe('dora');
  expect(next(items, 'dora')).toBeUndefined();
});
