import { ask } from '@cabinet/access/ask';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Principal } from '@cabinet/kit/access/principal';
import { assertMayBook } from '../booking/access.js';
import { isStaffOf, type Parties, relationTo } from '../capacity.js';
import { WaitingNotFound } from './errors.js';
import type { Waiting } from './waiting.js';

type ForWhom = Pick<Waiting, 'patientId' | 'wants'>;

const partiesOf = ({ patientId, wants }: ForWhom): Parties[] =>
  wants.map(({ practitionerId }) => ({ patientId, practitionerId }));

const read = policy.question('waiting', 'read', 'rest');

/** As to an appointment with any of the practitioners who are waited for. */
const relationsTo = (actor: Principal, waiting: ForWhom): Relation[] =>
  partiesOf(waiting).flatMap((parties) => relationTo(actor, parties));

/**
 * For what is done to an entry, which is done only by those who see it. To others nobody waits.
 * @throws WaitingNotFound (404)
 */
export function assertMaySeeWaiting(actor: Principal, waiting: ForWhom): void {
  if (!ask(actor, relationsTo(actor, waiting)).allowed) throw new WaitingNotFound();
}

/** @throws NotAllowed (403) for waiting on behalf of another patient, or for another practitioner */
export function assertMayWait(actor: Principal, waiting: ForWhom): void {
  for (const parties of partiesOf(waiting)) assertMayBook(actor, parties);
}

/** Only for who runs all the agendas: in none of them does somebody get in front of others by their own word. */
export const maySetPriority = (actor: Principal, waiting: ForWhom): boolean =>
  partiesOf(waiting).every((parties) => isStaffOf(actor, parties));

/** What the actor does not see of an entry. */
export function hiddenOfWaiting(actor: Principal, waiting: ForWhom & Pick<Waiting, 'createdBy'>): readonly string[] {
  const to = relationsTo(actor, waiting);
  return ask(actor, actor.id === waiting.createdBy ? [...to, 'author'] : to, read).hidden;
}
