import { ask } from '@cabinet/access/ask';
import type { Decision, Question } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Principal } from '@cabinet/kit/access/principal';
import { assertMayBook, notYoursToKeep } from '../booking/access.js';
import { actingFor, capacityOf, type Facing, isStaffOf, relationTo } from '../capacity.js';
import { noteForWhom } from '../for-whom.js';
import { WaitingNotFound } from './errors.js';
import type { Waiting } from './waiting.js';

type ForWhom = Pick<Waiting, 'patientId' | 'wants'> & Partial<Pick<Waiting, 'keptFromGuardians'>>;

const partiesOf = ({ patientId, wants, keptFromGuardians }: ForWhom): Facing[] =>
  wants.map(({ practitionerId }) => ({ patientId, practitionerId, keptFromGuardians }));

const read = policy.question('waiting', 'read', 'rest');

/** As to an appointment with any of the practitioners who are waited for. */
const relationsTo = (actor: Principal, waiting: ForWhom): Relation[] =>
  partiesOf(waiting).flatMap((parties) => relationTo(actor, parties));

/** Of who acts for the patient, or for one of those who are waited for, the trail says for whom. */
function askAbout(actor: Principal, waiting: ForWhom, question?: Question): Decision {
  const [first, ...others] = partiesOf(waiting).filter((parties) => capacityOf(actor, parties) !== undefined);
  if (first && (others.length === 0 || actingFor(actor, waiting.patientId)))
    noteForWhom(capacityOf(actor, first), first);
  return ask(actor, relationsTo(actor, waiting), question);
}

/**
 * For what is done to an entry, which is done only by those who see it, and all of it but keeping it from guardians by all of
 * those. To others nobody waits.
 * @throws WaitingNotFound (404), NotAllowed (403) for a guardian or a carer who would keep it
 */
export function assertMaySeeWaiting(actor: Principal, waiting: ForWhom): void {
  if (!askAbout(actor, waiting, read).allowed) throw new WaitingNotFound();
  if (!askAbout(actor, waiting).allowed) throw notYoursToKeep();
}

/** Of one of whom it is not known whether they may; nothing of it is in the trail. */
export const maySeeWaiting = (actor: Principal, waiting: ForWhom): boolean =>
  ask(actor, relationsTo(actor, waiting), read).allowed;

/** True for who may say of what lies in the agendas of each of these whether it is kept from guardians. */
export const mayKeepIn = (actor: Principal, waiting: ForWhom): boolean =>
  partiesOf(waiting).every((parties) => ask(actor, relationTo(actor, parties)).allowed);

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

/** Of whose agendas the actor sees what an entry says: who works for some of those who are waited for sees nothing of the others. */
export function showsAgendasOf(actor: Principal, waiting: ForWhom): (practitionerId: string) => boolean {
  const asWhat = (practitionerId: string) => capacityOf(actor, { ...waiting, practitionerId });
  const works = waiting.wants.some(({ practitionerId }) =>
    ['secretary', 'locum'].includes(asWhat(practitionerId) ?? ''),
  );
  return (practitionerId) => !works || asWhat(practitionerId) !== undefined;
}
