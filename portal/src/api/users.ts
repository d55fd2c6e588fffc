import type { authApi } from '@cabinet/contracts';
import { useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { User } from './types.ts';

export type InvitationRequest = authApi.components['schemas']['InvitationRequest'];
export type Invitation = authApi.components['schemas']['InvitationResponse'];
export type SignIns = authApi.components['schemas']['SignInsResponse'];
type UserSearch = authApi.components['schemas']['UserSearchRequest'];
type UserChange = authApi.components['schemas']['ChangeUserRequest'];

const usersKey = ['users'] as const;
const invitationsKey = ['invitations'] as const;

const firstPage = { initialPageParam: undefined as string | undefined };
const nextOf = ({ nextCursor }: { nextCursor?: string }) => nextCursor;

/** Who can sign in, oldest first. */
export const useUsers = () =>
  useInfiniteQuery({
    queryKey: [...usersKey, 'all'],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/auth/users', { params: { query: { limit: 50, cursor: pageParam } } })),
    ...firstPage,
    getNextPageParam: nextOf,
  });

export const useUser = (id: string) =>
  useQuery({
    queryKey: [...usersKey, id],
    queryFn: () => told(api.GET('/api/auth/users/{id}', { params: { path: { id } } })),
  });

const search = (body: UserSearch) => told(api.POST('/api/auth/users/search', { body })).then(({ items }) => items);

/** Whose address has these letters in it; nobody while there are fewer than two. */
export const useUsersFound = (letters: string) =>
  useQuery({
    queryKey: [...usersKey, 'found', letters],
    queryFn: () => search({ email: letters }),
    enabled: letters.length >= 2,
  });

/** Those who sign in by one of these addresses. */
export async function findByAddress(emails: readonly string[]): Promise<User[]> {
  const found = await Promise.all(emails.map((email) => search({ email })));
  return found.flat();
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const isId = (word: string): boolean => uuid.test(word.trim());

const idsAtOnce = 200;

/** By what address each signs in, by all ids that were asked for: of users, and of the patients and practitioners that they are. */
export function useEmailsOf(ids: readonly string[], isAsked = true): Map<string, string> {
  const all = [...new Set(ids)].filter(isId).sort();
  const parts = Array.from({ length: Math.ceil(all.length / idsAtOnce) }, (_, nth) =>
    all.slice(nth * idsAtOnce, (nth + 1) * idsAtOnce),
  );
  const answers = useQueries({
    queries: parts.map((part) => ({
      queryKey: [...usersKey, 'of', part],
      queryFn: () => search({ ids: part }),
      enabled: isAsked,
      staleTime: 60_000,
    })),
  });
  return new Map(answers.flatMap(({ data = [] }) => data.flatMap((user) => idsOf(user).map((id) => [id, user.email]))));
}

/** All ids under which data of somebody who signs in may stand: as user first, as patient, as practitioner. */
export const idsOf = ({ id, patientId, practitionerId }: User): string[] =>
  [id, patientId, practitionerId].filter((each) => each !== undefined);

/** When a user signed in last, and what they can show. Among what is asked anew when the user was changed. */
export const useSignIns = (id: string) =>
  useQuery({
    queryKey: [...usersKey, id, 'sign-ins'],
    queryFn: () => told(api.GET('/api/auth/users/{id}/sign-ins', { params: { path: { id } } })),
  });

/** @throws Refused 409 for the last admin, or a person as whom somebody else signs in; 412 when somebody changed the user since */
export const changeUser = (user: User, body: UserChange) =>
  told(api.PATCH('/api/auth/users/{id}', { params: { path: { id: user.id }, header: ifMatch(user) }, body }));

/** To be called when a user was changed, or may have been. */
export function useUsersChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: usersKey });
}

/** Those that may still be accepted, oldest first. */
export const useInvitations = () =>
  useInfiniteQuery({
    queryKey: invitationsKey,
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/auth/invitations', { params: { query: { limit: 50, cursor: pageParam } } })),
    ...firstPage,
    getNextPageParam: nextOf,
  });

/** @returns with the code, once, when it is on paper */
export const invite = (body: InvitationRequest) => told(api.POST('/api/auth/invitations', { body }));

export const withdrawInvitation = (id: string) =>
  told(api.DELETE('/api/auth/invitations/{id}', { params: { path: { id } }, keepalive: true }));

export function useInvitationsChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: invitationsKey });
}
