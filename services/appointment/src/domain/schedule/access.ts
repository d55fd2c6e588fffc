import { ask } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { relationToAgenda } from '../capacity.js';

/** Working hours are set by the practitioner concerned or a secretary. */
export function assertMaySetHours(actor: Principal, practitionerId: string): void {
  if (!ask(actor, relationToAgenda(actor, practitionerId)).allowed) {
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only set your own working hours');
  }
}
