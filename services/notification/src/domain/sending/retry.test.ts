import { describe, expect, it } from 'vitest';
import { afterFailure } from './retry.js';

const now = new Date('2026-12-07T10:00:00Z');
const after = (failed: Omit<Parameters<typeof afterFailure>[0], 'state' | 'text'>, attempts = 1, spread = 0.5) =>
  afterFailure({ state: 'failed', text: 'no', ...failed }, { attempts }, now, spread);
const minutesUntil = (next: Date | undefined) => Math.round(((next?.getTime() ?? 0) - now.getTime()) / 60_000);

describe('a message that did not leave', () => {
  it('is tried again after pauses that grow, when what failed may pass', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 50].map((attempts) =>
      minutesUntil(after({ class: 'temporary' }, attempts).nextAt),
    );
    expect(pauses).toEqual([1, 2, 5, 15, 30, 60, 60, 60]);
  });

  it('does not come back at once with all others that failed with it', () => {
    const [first, last] = [0, 1].map((spread) => after({ class: 'temporary' }, 3, spread).nextAt?.getTime() ?? 0);
    expect((last ?? 0) - (first ?? 0)).toBe(2 * 60_000);
  });

  it('waits as long as the provider asks', () => {
    expect(minutesUntil(after({ class: 'rate-limited', retryAfterSeconds: 3_600 }).nextAt)).toBe(60);
  });

  it('is held for who sets providers up, and failed for good where no try would help', () => {
    expect(after({ class: 'configuration' })).toEqual({ state: 'held', hold: 'configuration' });
    expect(after({ class: 'permanent-address' })).toEqual({ state: 'failed' });
    expect(after({ class: 'permanent-content' })).toEqual({ state: 'failed' });
  });
});
