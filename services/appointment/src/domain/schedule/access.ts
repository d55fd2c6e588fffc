import type { Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { askAboutAgenda } from '../for-whom.js';

/** Working hours are set by the practitioner concerned or a secretary to whom the agenda was delegated. */
export function assertMaySetHours(actor: Principal, practitionerId: string): void {
  if (!askAboutAgenda(actor, practitionerId).allowed) {
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only set your own working hours');
  }
}
