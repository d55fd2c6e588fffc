import { describe, expect, it } from 'vitest';
import { statusAfter } from './appointment.js';

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
