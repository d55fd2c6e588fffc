import { useQuery, useQueryClient } from '@tanstack/react-query';
import { now } from '../time/server-clock.ts';
import { api, told } from './client.ts';
import type { Grant, GrantRequest } from './types.ts';

const grantsKey = (patientId: string) => ['grants', patientId] as const;

/** Whom a patient lets into their record by name, or did, the newest first. */
export const useGrants = (patientId: string) =>
  useQuery({
    queryKey: grantsKey(patientId),
    queryFn: () => told(api.GET('/api/records/{patientId}/grants', { params: { path: { patientId } } })),
  });

/** Takes the place of what the practitioner was granted before. */
export const giveGrant = (patientId: string, body: GrantRequest, header: { 'Idempotency-Key': string }) =>
  told(api.POST('/api/records/{patientId}/grants', { body, params: { path: { patientId }, header } }));

/** The practitioner is out with the next request. */
export const withdrawGrant = (patientId: string, grantId: string) =>
  told(
    api.POST('/api/records/{patientId}/grants/{grantId}/withdraw', {
      params: { path: { patientId, grantId } },
      keepalive: true,
    }),
  );

export const isInForce = ({ until, withdrawnAt }: Grant, at = now()): boolean =>
  withdrawnAt === undefined && at < Date.parse(until);

/** To be called when it was changed who is let in. */
export function useGrantsChanged(patientId: string): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: grantsKey(patientId) });
}
