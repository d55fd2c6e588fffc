import { SettableClock } from '@cabinet/kit/clock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HousekeepingParts, keepHouse } from './housekeeping.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('housekeeping', () => {
  it('remembers for five minutes more that a challenge was used, whose end a process that is late has not seen', async () => {
    const clock = new SettableClock(new Date('2031-03-04T10:00:00Z'));
    const forgotten: Date[] = [];
    const nothing = async () => {};
    const parts: HousekeepingParts = {
      keys: { load: nothing },
      sessions: { forgetEnded: nothing } as unknown as HousekeepingParts['sessions'],
      attempts: { forgetOlderThan: nothing } as unknown as HousekeepingParts['attempts'],
      codes: { forgetEnded: nothing },
      passkeys: {
        async forgetUsedChallenges(before) {
          forgotten.push(before);
        },
      },
      forgetEndedAccess: nothing,
      encryptionKeys: { load: nothing },
      links: { forgetProposals: nothing },
      registrations: { forgetEnded: nothing },
      clock,
      log: { warn: expect.unreachable } as unknown as HousekeepingParts['log'],
    };
    const task = keepHouse(parts);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await task.stop();
    expect(forgotten).toEqual([new Date('2031-03-04T09:55:00Z')]);
  });
});
