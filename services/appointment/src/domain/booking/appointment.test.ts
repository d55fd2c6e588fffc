import { describe, expect, it } from 'vitest';
import { statusAfter, toldOfCancellation } from './appointment.js';

describe('statusAfter', () => {
  it.each([
    ['confirmed', 'pending', 'booked'],
    ['confirmed', 'waitlist', 'booked'],
    ['cancelled', 'pending', 'cancelled'],
    ['moved', 'booked', 'booked'],
    ['cancelled', 'booked', 'cancelled'],
    ['cancelled', 'arrived', 'cancelled'],
    ['arrived', 'booked', 'arrived'],
    ['completed', 'booked', 'fulfilled'],
    ['completed', 'arrived', 'fulfilled'],
    ['missed', 'booked', 'noshow'],
  ] as const)('lets an appointment be %s when it is %s', (happening, from, to) => {
    expect(statusAfter(happening, from)).toBe(to);
  });

  it.each([
    ['confirmed', 'booked'],
    ['confirmed', 'cancelled'],
    ['moved', 'pending'],
    ['arrived', 'pending'],
    ['completed', 'proposed'],
    ['missed', 'waitlist'],
    ['moved', 'arrived'],
    ['moved', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['cancelled', 'fulfilled'],
    ['arrived', 'cancelled'],
    ['completed', 'noshow'],
    ['missed', 'fulfilled'],
  ] as const)('refuses that one is %s when it is %s', (happening, from) => {
    expect(() => statusAfter(happening, from)).toThrow(
      expect.objectContaining({ code: 'APPOINTMENT.INVALID_TRANSITION', kind: 'conflict' }),
    );
  });
});

describe('toldOfCancellation', () => {
  const heldUntil = new Date('2026-11-23T09:00:00Z');

  it.each([
    ['of what was booked', 'cancelled', { status: 'booked', bookedAs: 'patient' }, true],
    ['of what was booked, by whoever had it', 'cancelled', { status: 'booked', bookedAs: 'patient' }, false],
    ['of what its patient waits for', 'declined', { status: 'pending', bookedAs: 'patient' }, true],
    ['of what a guardian asked for', 'declined', { status: 'pending', bookedAs: 'guardian' }, true],
    ['nothing of what its patient gives up', undefined, { status: 'pending', bookedAs: 'patient' }, false],
    ['nothing of what is held', undefined, { status: 'pending', bookedAs: 'patient', heldUntil }, true],
    ['nothing of what nobody asked for', undefined, { status: 'pending', bookedAs: 'secretary' }, true],
  ] as const)('is %s: %s', (_, told, before, isByPractice) => {
    expect(toldOfCancellation(before, isByPractice)).toBe(told);
  });
});
