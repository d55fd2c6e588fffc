import type { MessageCount } from '../api/types.ts';

/** What became of messages, in numbers. */
export interface Sums {
  /** Has left, whether or not it is known that it arrived. */
  left: number;
  /** Of these, what its provider says has arrived. */
  delivered: number;
  failed: number;
  held: number;
  suppressed: number;
  planned: number;
}

export function sumsOf(counts: readonly MessageCount[]): Sums {
  const sums: Sums = { left: 0, delivered: 0, failed: 0, held: 0, suppressed: 0, planned: 0 };
  for (const { state, count } of counts) {
    if (state === 'sent' || state === 'delivered') sums.left += count;
    if (state !== 'sent') sums[state] += count;
  }
  return sums;
}

/** Of what was tried, how much has left, from 0 to 1; undefined when nothing was tried. */
export function shareThatLeft({ left, failed }: Sums): number | undefined {
  return left + failed === 0 ? undefined : left / (left + failed);
}

type Why = Pick<MessageCount, 'state' | 'count'> & { why: NonNullable<MessageCount['why']> };

/** Why messages did not leave, have not yet, or failed: what is most frequent stands first. */
export function whysOf(counts: readonly MessageCount[]): Why[] {
  const whys = new Map<string, Why>();
  for (const { state, why, count } of counts) {
    if (!why) continue;
    const key = `${state} ${why}`;
    whys.set(key, { state, why, count: count + (whys.get(key)?.count ?? 0) });
  }
  return [...whys.values()].sort((one, other) => other.count - one.count);
}
