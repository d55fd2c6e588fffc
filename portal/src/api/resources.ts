import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { Resource, ResourceRequest } from './types.ts';

const resourcesKey = ['resources'] as const;

/** Rooms and devices, in order of name; those out of use too. */
export const useResources = () => useQuery({ queryKey: resourcesKey, queryFn: () => told(api.GET('/api/resources')) });

export const addResource = (body: ResourceRequest, header: { 'Idempotency-Key': string }) =>
  told(api.POST('/api/resources', { body, params: { header } }));

/** @throws Refused 412 when somebody has changed it since */
export const changeResource = (resource: Resource, change: ResourceRequest & { active: boolean }) =>
  told(
    api.PUT('/api/resources/{id}', {
      params: { path: { id: resource.id }, header: ifMatch(resource) },
      body: change,
    }),
  );

/** To be called when a room or device was changed, or may have been: what is free depends on it. */
export function useResourcesChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all([resourcesKey, ['slots']].map((queryKey) => client.invalidateQueries({ queryKey })));
}
