import { queryOptions } from '@tanstack/react-query';
import { api, told } from './client.ts';

export const recordKey = (patientId: string) => ['record', patientId] as const;

/** A whole record. Never taken from memory when a page is opened again: what was written elsewhere must be seen. */
export const recordOf = (patientId: string) =>
  queryOptions({
    queryKey: recordKey(patientId),
    staleTime: 0,
    gcTime: 0,
    queryFn: () => told(api.GET('/api/records/{patientId}', { params: { path: { patientId } } })),
  });
