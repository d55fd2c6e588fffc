import type { UseQueryResult } from '@tanstack/react-query';

type Asked = Pick<UseQueryResult, 'data' | 'error' | 'dataUpdatedAt' | 'isFetching'> & { refetch: () => unknown };

/**
 * Several that are shown together, as one: as old as the oldest of those that could not be read anew. Those that are not there at all say so
 * in their own places, and count for nothing here.
 */
export function agesOf(asked: readonly Asked[]) {
  const stale = asked.filter(({ data, error }) => data !== undefined && error);
  const updated = stale.map(({ dataUpdatedAt }) => dataUpdatedAt);
  return {
    data: true as const,
    error: stale[0]?.error ?? null,
    dataUpdatedAt: updated.length > 0 ? Math.min(...updated) : Date.now(),
    isPending: false as const,
    isFetching: stale.length > 0 && stale.every(({ isFetching }) => isFetching),
    refetch: () => stale.forEach(({ refetch }) => void refetch()),
  };
}
