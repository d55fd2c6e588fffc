import { ask } from '@cabinet/access/ask';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYourData, NotYourField } from './errors.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];

/** Of their own data somebody is the patient, whatever else they are in the practice. */
const relationTo = (actor: Principal, ids: string[]): readonly Relation[] =>
  hasRole(actor, 'patient') && ids.some((id) => id === actor.patientId) ? own : anothers;

/**
 * @param fields names of those that are to be changed, if any
 * @throws NotYourData (403), the same whether there is such a patient or not; NotYourField (403) naming the fields that others
 * change, or none of them for what is never done to one's own data
 */
export function assertMay(actor: Principal, ids: string[], fields: string[] = []): void {
  const to = relationTo(actor, ids);
  const { allowed, sets } = ask(actor, to);
  if (!allowed) throw to === own ? new NotYourField([]) : new NotYourData();
  const refused = fields.filter((field) => !sets.has(field));
  if (refused.length > 0) throw new NotYourField(refused);
}
