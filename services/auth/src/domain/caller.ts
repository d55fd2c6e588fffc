import type { Principal } from '@cabinet/kit/access/principal';
import { NotAuthenticated } from '@cabinet/kit/errors';
import type { Users } from './ports.js';

/**
 * The caller with the roles and links they have now, whatever their token says: whoever was deactivated or lost a role must
 * not give it back to themselves with a token of before.
 * @throws NotAuthenticated (401) when there is no such user any more, or they are not active
 */
export async function asTheyAreNow(users: Pick<Users, 'find'>, actor: Principal): Promise<Principal> {
  const user = await users.find(actor.id);
  if (!user?.active) {
    throw new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid', { detail: 'Sign in again.' });
  }
  const { roles, patientId, practitionerId } = user;
  return { id: actor.id, roles, patientId, practitionerId };
}
