import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, told } from './client.ts';

/**
 * A copy of all that is kept of a patient, for them alone: one archive (ZIP).
 * @throws Refused 503 when a service has not given its part: then nothing is given
 */
export async function copyOfAll(patientId: string, language: string): Promise<Blob> {
  const params = { path: { id: patientId }, header: { 'Accept-Language': language } };
  const copy = await told(api.GET('/api/patients/{id}/export', { params, parseAs: 'blob' }));
  return copy as unknown as Blob;
}

export const erasuresKey = ['erasures'] as const;

/** What became of the data of a patient, or what stands in the way of erasing it. */
export const useErasure = (patientId: string) =>
  useQuery({
    queryKey: [...erasuresKey, patientId],
    queryFn: () => told(api.GET('/api/patients/{id}/erasure', { params: { path: { id: patientId } } })),
    // Receipts come one after the other.
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 5_000 : false),
  });

/** Erasures of which a receipt is missing, the oldest first. */
export const useUnfinishedErasures = () =>
  useInfiniteQuery({
    queryKey: [...erasuresKey, 'unfinished'],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/patients/erasures/unfinished', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
