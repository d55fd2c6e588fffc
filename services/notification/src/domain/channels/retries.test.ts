import { describe, expect, it } from 'vitest';
import { failed } from '../../data/channels/outcome.js';
import { retryAfterSeconds, retrySchedules } from './retries.js';

const temporary = failed('temporary', 'x');

describe('when what failed is tried again', () => {
  it('is over three days for webhooks, from five seconds on, as Standard Webhooks asks', () => {
    const { afterSeconds } = retrySchedules.webhook;
    expect(afterSeconds[0]).toBe(5);
    const total = afterSeconds.reduce((sum, seconds) => sum + seconds, 0);
    expect(total / 3_600).toBeGreaterThanOrEqual(72);
    expect(total / 3_600).toBeLessThan(80);
    expect([...afterSeconds].sort((a, b) => a - b)).toEqual(afterSeconds);
  });

  it('ends with the schedule', () => {
    const { length } = retrySchedules.email.afterSeconds;
    expect(retryAfterSeconds('email', 1, temporary, 0)).toBe(60);
    expect(retryAfterSeconds('email', length, temporary, 0)).toBe(12 * 3_600);
    expect(retryAfterSeconds('email', length + 1, temporary, 0)).toBeUndefined();
  });

  it('is never before the provider asked for it, and not at one moment for all', () => {
    expect(retryAfterSeconds('sms', 1, failed('rate-limited', 'x', { retryAfterSeconds: 600 }), 1)).toBe(600);
    expect(retryAfterSeconds('sms', 1, failed('rate-limited', 'x', { retryAfterSeconds: 1 }), 0)).toBe(60);
    expect(retryAfterSeconds('sms', 1, temporary, 1)).toBe(66);
  });

  it.each([
    ['email', 'permanent-address', undefined],
    ['email', 'permanent-content', undefined],
    ['email', 'configuration', undefined],
    ['webhook', 'configuration', 5],
    ['webhook', 'permanent-address', undefined],
    ['log', 'temporary', undefined],
  ] as const)('is, for %s and %s, %j', (channel, kind, seconds) => {
    expect(retryAfterSeconds(channel, 1, failed(kind, 'x'), 0)).toBe(seconds);
  });
});
