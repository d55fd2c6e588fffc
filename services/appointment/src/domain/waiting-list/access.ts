import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { assertMayBook, maySeeReason } from '../booking/access.js';
import { capacityOf, isStaffOf, type Parties } from '../capacity.js';
import { WaitingNotFound } from './errors.js';
import type { Waiting } from './waiting.js';

type ForWhom = Pick<Waiting, 'patientId' | 'wants'>;

const partiesOf = ({ patientId, wants }: ForWhom): Parties[] =>
  wants.map(({ practitionerId }) => ({ patientId, practitionerId }));

/** As for appointments, of any of the practitioners who are waited for. To others nobody waits. */
export function assertMaySeeWaiting(actor: Principal, waiting: ForWhom): void {
  const isOne = partiesOf(waiting).some((parties) => capacityOf(actor, parties));
  if (!hasRole(actor, 'service') && !isOne) throw new WaitingNotFound();
}

/** @throws NotAllowed (403) for waiting on behalf of another patient, or for another practitioner */
export function assertMayWait(actor: Principal, waiting: ForWhom): void {
  for (const parties of partiesOf(waiting)) assertMayBook(actor, parties);
}

/** Only for who runs all the agendas: in none of them does somebody get in front of others by their own word. */
export const maySetPriority = (actor: Principal, waiting: ForWhom): boolean =>
  partiesOf(waiting).every((parties) => isStaffOf(actor, parties));

/** As of an appointment, with any of the practitioners who are waited for. */
export const isStaffOfWaiting = (actor: Principal, waiting: ForWhom): boolean =>
  partiesOf(waiting).some((parties) => isStaffOf(actor, parties));

export const maySeeReasonOfWaiting = (actor: Principal, waiting: ForWhom & Pick<Waiting, 'createdBy'>): boolean =>
  partiesOf(waiting).some((parties) => maySeeReason(actor, parties, waiting.createdBy));
