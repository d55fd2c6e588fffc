import type { Principal } from '@cabinet/kit/access/principal';
import { NotAuthenticated } from '@cabinet/kit/errors';
import type { ActingFor, Sessions, Users } from './ports.js';
import { whileEnrolling } from './user.js';

/**
 * The caller with the roles and links they have now, whatever their token says: whoever was deactivated or lost a role must
 * not give it back to themselves with a token of before.
 * @throws NotAuthenticated (401) when there is no such user any more, they are not active, or the session has ended or is
 *   locked
 */
export async function asTheyAreNow(
  users: Pick<Users, 'find'>,
  sessions: Pick<Sessions, 'findOpen'>,
  actingFor: ActingFor,
  now: Date,
  actor: Principal,
): Promise<Principal> {
  const { id, sessionId, clientId } = actor;
  const [user, session] = await Promise.all([
    users.find(id),
    sessionId ? sessions.findOpen(sessionId, now) : undefined,
  ]);
  if (!user?.active || (sessionId && (!session || session.lockedAt))) {
    throw noLongerSignedIn();
  }
  const { roles, patientId, practitionerId } = session?.enrolling ? whileEnrolling : user;
  const actsFor = actor.actsFor && patientId ? await actingFor.of(patientId, now) : undefined;
  return { id, roles, patientId, practitionerId, actsFor, sessionId, clientId };
}

export const noLongerSignedIn = () =>
  new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid', { detail: 'Sign in again.' });
