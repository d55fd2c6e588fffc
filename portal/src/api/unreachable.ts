import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';

const unreachableKey = ['unreachable'] as const;

/** Addresses of patients that are of no use, told last first. @param patientId whose; left out, all of them */
export const useUnreachable = (patientId?: string, isAsked = true) =>
  useInfiniteQuery({
    queryKey: [...unreachableKey, patientId],
    queryFn: ({ pageParam }: { pageParam?: string }) => {
      const query = { patientId, limit: 50, cursor: pageParam };
      return told(api.GET('/api/unreachable-addresses', { params: { query } }));
    },
    enabled: isAsked,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** It is written to again. */
export const clearUnreachable = (id: string) =>
  told(api.DELETE('/api/unreachable-addresses/{id}', { params: { path: { id } }, keepalive: true }));

/** To be called when one was said to work. */
export function useUnreachableChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: unreachableKey });
}
