import { describe, expect, it } from 'vitest';
import { afterFailure } from './retry.js';

const now = new Date('2026-12-07T10:00:00Z');
const after = (
  failed: Omit<Parameters<typeof afterFailure>[0], 'state' | 'text'>,
  attempts = 1,
  chance = 0,
  channel: 'email' | 'sms' | 'push' = 'email',
) => afterFailure({ state: 'failed', text: 'no', ...failed }, { channel, attempts }, now, chance);
const minutesUntil = (next: Date | undefined) => Math.round(((next?.getTime() ?? 0) - now.getTime()) / 60_000);

describe('a message that did not leave', () => {
  it.each([
    ['email', [1, 5, 15, 60, 180, 360, 720]],
    ['sms', [1, 5, 15, 60, 180, 360]],
    ['push', [1, 5, 30, 120]],
  ] as const)('is tried again by %s after pauses that grow, and failed after the last', (channel, pauses) => {
    const tried = (attempts: number) => after({ class: 'temporary' }, attempts, 0, channel);
    expect(pauses.map((_, nth) => minutesUntil(tried(nth + 1).nextAt))).toEqual(pauses);
    expect(tried(pauses.length + 1)).toEqual({ state: 'failed' });
  });

  it('does not come back at once with all others that failed with it', () => {
    const [first, last] = [0, 1].map((chance) => after({ class: 'temporary' }, 4, chance).nextAt?.getTime() ?? 0);
    expect((last ?? 0) - (first ?? 0)).toBe(6 * 60_000);
  });

  it('waits as long as the provider asks', () => {
    expect(minutesUntil(after({ class: 'rate-limited', retryAfterSeconds: 7_200 }).nextAt)).toBe(120);
  });

  it('is held for who sets providers up, and failed for good where no try would help', () => {
    expect(after({ class: 'configuration' })).toEqual({ state: 'held', hold: 'configuration' });
    expect(after({ class: 'permanent-address' })).toEqual({ state: 'failed' });
    expect(after({ class: 'permanent-content' })).toEqual({ state: 'failed' });
  });
});
