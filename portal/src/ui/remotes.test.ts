import { expect, it, vi } from 'vitest';
import { agesOf } from './remotes.ts';

const asked = (data: unknown, error: Error | null, dataUpdatedAt = 0) => ({
  ...{ data, error, dataUpdatedAt, isFetching: false, refetch: vi.fn() },
});

it('is as old as the oldest of those that could not be read anew, and reads these alone again', () => {
  const all = [asked(1, null, 50), asked(1, new Error('late'), 200), asked(1, new Error('later'), 100)];
  const together = agesOf(all);
  expect(together).toMatchObject({ data: true, dataUpdatedAt: 100, error: new Error('late') });
  together.refetch();
  expect(all.map(({ refetch }) => refetch.mock.calls.length)).toEqual([0, 1, 1]);
});

it('says nothing of what was never there: that says so itself', () => {
  expect(agesOf([asked(undefined, new Error('away')), asked(1, null)]).error).toBeNull();
});
