import type { authApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, people, since } from '../people.ts';

type User = authApi.components['schemas']['UserResponse'];
type SignIns = authApi.components['schemas']['SignInsResponse'];
type Invitation = authApi.components['schemas']['InvitationResponse'];

export const users = new Map<string, User>(
  people.map(({ actsFor: _, worksForAll: __, ...each }) => [
    each.id,
    { ...each, version: 1, active: true, createdAt: since, updatedAt: since },
  ]),
);

const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

const signIns = new Map<string, SignIns>();
const signInsOf = (id: string): SignIns =>
  signIns.get(id) ?? { lastSignInAt: inDays(-1), openSessions: 2, passkeys: 1, totp: true };

export const invitations = new Map<string, Invitation>(
  [{ email: 'dr.garnier@example.org', roles: ['practitioner' as const] }].map(({ email, roles }) => {
    const id = idOf(`invitation ${email}`);
    return [id, { id, email, roles, channel: 'mail', createdAt: inDays(-2), expiresAt: inDays(12) }];
  }),
);

/** On every paper of the mock. */
const codeOnPaper = '7K3F-9QXM-2BTR';

const userOf = ({ path }: Asked<unknown>): User => {
  const user = users.get(path.id as string);
  if (!user) throw notFound('AUTH.NO_SUCH_USER');
  return user;
};

const isActiveAdmin = ({ active, roles }: User): boolean => active && roles.includes('admin');

function assertAdminIsLeft(next: User): void {
  const after = [...users.values()].map((each) => (each.id === next.id ? next : each));
  if (!after.some(isActiveAdmin))
    throw new Refused(409, 'AUTH.LAST_ADMIN', 'The last active administrator cannot be taken away');
}

/** Who can sign in, and who is invited to, as admins ask it. */
export const userAnswers: Handler[] = [
  on('get', '/api/auth/users', () => ({ body: { items: [...users.values()] } })),
  on('post', '/api/auth/users/search', ({ body }) => {
    const isAsked = ({ id, patientId, practitionerId, email }: User): boolean =>
      (body.email !== undefined && email.includes(body.email.toLowerCase())) ||
      [id, patientId, practitionerId].some((each) => each !== undefined && body.ids?.includes(each));
    return { body: { items: [...users.values()].filter(isAsked) } };
  }),
  on('get', '/api/auth/users/{id}', (asked) => ({ body: userOf(asked) })),
  on('get', '/api/auth/users/{id}/sign-ins', (asked) => ({ body: signInsOf(userOf(asked).id) })),
  on('patch', '/api/auth/users/{id}', (asked) => {
    const before = userOf(asked);
    if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const { patientId, practitionerId, ...change } = asked.body;
    const links = {
      patientId: patientId === undefined ? before.patientId : (patientId ?? undefined),
      practitionerId: practitionerId === undefined ? before.practitionerId : (practitionerId ?? undefined),
    };
    const next = { ...before, ...change, ...links, version: before.version + 1 };
    assertAdminIsLeft(next);
    users.set(next.id, next);
    return { body: next };
  }),
  on('delete', '/api/auth/users/{id}/sessions', (asked) => {
    const { id } = userOf(asked);
    signIns.set(id, { ...signInsOf(id), openSessions: 0 });
    return { status: 204, body: undefined };
  }),
  on('delete', '/api/auth/users/{id}/second-factors', (asked) => {
    const { id } = userOf(asked);
    signIns.set(id, { ...signInsOf(id), openSessions: 0, passkeys: 0, totp: false });
    return { status: 204, body: undefined };
  }),
  on('post', '/api/auth/users/{id}/codes', (asked) => {
    userOf(asked);
    return { status: 201, body: { code: codeOnPaper, expiresAt: inDays(2) } };
  }),
  on('get', '/api/auth/invitations', () => ({ body: { items: [...invitations.values()] } })),
  on('post', '/api/auth/invitations', ({ body }) => {
    const id = idOf(`invitation ${Date.now()}`);
    const isOnPaper = body.channel === 'paper';
    const expiresAt = inDays(isOnPaper ? 30 : 14);
    invitations.set(id, { id, ...body, createdAt: inDays(0), expiresAt });
    return { status: 201, body: { id, expiresAt, ...(isOnPaper && { code: codeOnPaper }) } };
  }),
  on('delete', '/api/auth/invitations/{id}', ({ path }) => {
    if (!invitations.delete(path.id as string)) throw notFound('AUTH.NO_SUCH_INVITATION');
    return { status: 204, body: undefined };
  }),
];
