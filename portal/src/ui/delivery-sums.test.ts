import { describe, expect, it } from 'vitest';
import type { MessageCount } from '../api/types.ts';
import { shareThatLeft, sumsOf, whysOf } from './delivery-sums.ts';

const counts: MessageCount[] = [
  { day: '2026-12-07', channel: 'email', state: 'sent', count: 5 },
  { day: '2026-12-07', channel: 'email', state: 'delivered', count: 80 },
  { day: '2026-12-07', channel: 'email', state: 'failed', why: 'permanent-address', count: 2 },
  { day: '2026-12-08', channel: 'email', state: 'failed', why: 'permanent-address', count: 3 },
  { day: '2026-12-08', channel: 'email', state: 'suppressed', why: 'no-address', count: 7 },
  { day: '2026-12-08', channel: 'email', state: 'planned', why: 'temporary', count: 1 },
  { day: '2026-12-08', channel: 'email', state: 'planned', count: 4 },
];

describe('what became of messages, in numbers', () => {
  it('counts what has arrived among what has left', () => {
    expect(sumsOf(counts)).toEqual({ left: 85, delivered: 80, failed: 5, held: 0, suppressed: 7, planned: 5 });
    expect(sumsOf([])).toEqual({ left: 0, delivered: 0, failed: 0, held: 0, suppressed: 0, planned: 0 });
  });

  it('says which share of what was tried has left, and nothing where nothing was tried', () => {
    expect(shareThatLeft(sumsOf(counts))).toBeCloseTo(85 / 90);
    expect(shareThatLeft(sumsOf(counts.slice(4)))).toBeUndefined();
  });

  it('names each reason once, over all days, the most frequent first', () => {
    expect(whysOf(counts)).toEqual([
      { state: 'suppressed', why: 'no-address', count: 7 },
      { state: 'failed', why: 'permanent-address', count: 5 },
      { state: 'planned', why: 'temporary', count: 1 },
    ]);
  });
});
