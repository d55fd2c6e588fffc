import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';

const delegationsKey = ['delegations'] as const;
export const delegationRuleKey = ['delegation-rule'] as const;

const firstPage = { initialPageParam: undefined as string | undefined };
const nextOf = ({ nextCursor }: { nextCursor?: string }) => nextCursor;

/** Those that somebody gave or has; for an admin all. */
export const useDelegations = () =>
  useInfiniteQuery({
    queryKey: delegationsKey,
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/auth/delegations', { params: { query: { limit: 50, cursor: pageParam } } })),
    ...firstPage,
    getNextPageParam: nextOf,
  });

/** Colleagues who could work for a practitioner; as many as one can be looked for among. */
export const useDelegates = () =>
  useQuery({
    queryKey: ['delegates'],
    queryFn: () => told(api.GET('/api/auth/delegates', { params: { query: { limit: 200 } } })),
  });

/** For whom secretaries work. */
export const useDelegationRule = () =>
  useQuery({ queryKey: delegationRuleKey, queryFn: () => told(api.GET('/api/auth/delegation-rule')) });

/** For whom they worked, the newest first. @param version that in force: with another there is one more */
export const useDelegationRuleVersions = (version: number) =>
  useQuery({
    queryKey: [...delegationRuleKey, 'versions', version],
    queryFn: () => told(api.GET('/api/auth/delegation-rule/versions')),
  });

export const endDelegation = (id: string) =>
  told(api.DELETE('/api/auth/delegations/{id}', { params: { path: { id } }, keepalive: true }));

/** To be called when it was changed who works for whom. */
export function useDelegationsChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: delegationsKey });
}
