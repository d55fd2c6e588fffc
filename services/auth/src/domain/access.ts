import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import type { PersonRole } from './user.js';

/**
 * Who may invite people of these roles, or help them in again: an admin anybody, a secretary those who are patients and nothing
 * else; else a secretary could become whoever they help.
 * @throws NotAllowed (403)
 */
export function assertMayHelp(actor: Principal, roles: readonly PersonRole[]): void {
  if (hasRole(actor, 'admin')) return;
  if (hasRole(actor, 'secretary') && roles.every((role) => role === 'patient')) return;
  throw new NotAllowed('ACCESS.ROLE_NOT_ALLOWED', 'Your role does not allow this', {
    detail: 'An admin may.',
  });
}
