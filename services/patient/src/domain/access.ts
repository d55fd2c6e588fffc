import { ask } from '@cabinet/access/ask';
import { delegatedNow, worksForAll } from '@cabinet/access/delegation';
import { familyRelation } from '@cabinet/access/family';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYourData, NotYourField } from './errors.js';
import type { RelatedPersons } from './ports.js';
import type { RelatedPerson } from './related-person.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];

export const isOwn = (actor: Principal, id: string): boolean => hasRole(actor, 'patient') && id === actor.patientId;

const worksForEverybody = (actor: Principal): boolean => worksForAll(delegatedNow(actor, 'agenda'));
const asDelegate: readonly Relation[] = ['delegate'];
const anothersOf = (actor: Principal): readonly Relation[] =>
  worksForEverybody(actor) ? [...anothers, ...asDelegate] : anothers;

/** Has the answer show secretaries who work for every practitioner when patients come; what else it shows is allowed by their role. */
export function askForVisits(actor: Principal): void {
  if (worksForEverybody(actor)) ask(actor, asDelegate);
}

/** Of their own data somebody is the patient, whatever else they are in the practice. */
function relationTo(actor: Principal, ids: string[], now?: Date): readonly Relation[] {
  if (ids.some((id) => isOwn(actor, id))) return own;
  if (!now || !actor.actsFor || !hasRole(actor, 'patient')) return anothersOf(actor);
  const [id = ''] = ids;
  return [...anothersOf(actor), ...familyRelation(actor, id, 'details', now)];
}

/**
 * @param fields names of those that are to be changed, if any
 * @param now where guardians and carers may, too
 * @throws NotYourData (403), the same whether there is such a patient or not; NotYourField (403) naming the fields that others
 * change, or none of them for what is never done to one's own data
 */
export function assertMay(actor: Principal, ids: string[], fields: string[] = [], now?: Date): void {
  assertAllowed(actor, relationTo(actor, ids, now), fields);
}

/** @param relation undefined: there is none @throws as `assertMay`; who acts may end that, too */
export function assertMayEnd(actor: Principal, patientId: string, relation: RelatedPerson | undefined): void {
  const to = relationTo(actor, [patientId]);
  const acts = relation !== undefined && isOwn(actor, relation.relatedPatientId);
  assertAllowed(actor, acts ? [...to, relation.relationship] : to, []);
}

/**
 * Who acts for a patient decides neither who that is nor how old they are: it would decide for whom, and until when, they act.
 * @param fields of those that are to be changed, if any
 * @throws NotYourField (403)
 */
export async function assertActsForNone(
  related: RelatedPersons,
  { ids, actor, now }: { ids: string[]; actor: Principal; now: Date },
  fields: string[] = [],
): Promise<void> {
  const all = await related.of(ids, now);
  const acts = all.some((each) => ids.includes(each.patientId) && each.relatedPatientId === actor.patientId);
  if (acts) throw new NotYourField(fields);
}

function assertAllowed(actor: Principal, to: readonly Relation[], fields: string[]): void {
  const { allowed, sets } = ask(actor, to);
  if (!allowed) throw to === own ? new NotYourField([]) : new NotYourData();
  const refused = fields.filter((field) => !sets.has(field));
  if (refused.length > 0) throw new NotYourField(refused);
}
