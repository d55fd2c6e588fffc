import { ask } from '@cabinet/access/ask';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotificationNotFound, NotYours } from './errors.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];

/** What somebody is to the notifications of a patient; what they may then do stands in the access table. */
const relationTo = (actor: Principal, patientId: string): readonly Relation[] =>
  hasRole(actor, 'patient') && actor.patientId === patientId ? own : anothers;

/** @throws NotYours (403) for the notifications of another patient */
export function assertMayAskFor(actor: Principal, patientId: string): void {
  if (!ask(actor, relationTo(actor, patientId)).allowed) throw new NotYours();
}

/** @throws NotificationNotFound (404): what somebody may not see they cannot tell from what is not there */
export function assertMaySee(actor: Principal, patientId: string): void {
  if (!ask(actor, relationTo(actor, patientId)).allowed) throw new NotificationNotFound();
}
