import type { authApi } from '@cabinet/contracts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { User } from './types.ts';

export type InvitationRequest = authApi.components['schemas']['InvitationRequest'];
export type Invitation = authApi.components['schemas']['InvitationResponse'];
export type SignIns = authApi.components['schemas']['SignInsResponse'];
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

/** The first two hundred who can sign in. */
function useFirstUsers(isAsked = true): User[] {
  const { data } = useQuery({
    queryKey: [...usersKey, 'first'],
    queryFn: () => told(api.GET('/api/auth/users', { params: { query: { limit: 200 } } })),
    enabled: isAsked,
    staleTime: 60_000,
  });
  return data?.items ?? [];
}

/** By what address each signs in, by their id: of the first two hundred. */
export const useUserEmails = (isAsked = true): Map<string, string> =>
  new Map(useFirstUsers(isAsked).map(({ id, email }) => [id, email]));

/** Somebody who signs in, by all ids under which their data may stand: as user, as patient, as practitioner. */
export interface KnownPerson {
  email: string;
  /** That of the user first. */
  ids: string[];
}

/** Who signs in by which address: of the first two hundred. */
export const useKnownPeople = (): KnownPerson[] =>
  useFirstUsers().map(({ id, email, patientId, practitionerId }) => ({
    email,
    ids: [id, patientId, practitionerId].filter((each) => each !== undefined),
  }));

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
