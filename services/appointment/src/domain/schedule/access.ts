import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';

/** Working hours are set by the practitioner concerned or a secretary. */
export function assertMaySetHours(actor: Principal, practitionerId: string): void {
  const isOwn = hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;
  if (!isOwn && !hasRole(actor, 'secretary', 'admin')) {
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only set your own working hours');
  }
}
