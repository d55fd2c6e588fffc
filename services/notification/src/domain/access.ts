import { ask, requestAccess } from '@cabinet/access/ask';
import { delegatedNow, worksForAll } from '@cabinet/access/delegation';
import { actsForIn, actsForNow, familyRelation, wardsOf as wardsIn } from '@cabinet/access/family';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import { type ActsFor, hasRole, type Principal, type Section, sections } from '@cabinet/kit/access/principal';
import { type Decision, type Kind, kindNames, rulesOf } from './decisions/decision.js';
import { NotificationNotFound, NotYours } from './errors.js';
import type { ActingNow } from './neighbours.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];
const ofAll: readonly Relation[] = ['delegate', 'other'];
const visits: readonly Section[] = ['appointments'];
const written = policy.question('notification', 'read', 'message');

/** Who acts for somebody is nothing else to them, in whichever role they come. */
const actingFor = (actor: Principal, patientId: string, its: readonly Section[]): ActsFor['as'] | undefined =>
  its.flatMap((section) => actsForNow(actor, section)).find((each) => each.patientId === patientId)?.as;

/** Which practitioner a line is of it does not say: somebody works for all of them, or is nothing to it. */
const byWork = (actor: Principal): readonly Relation[] =>
  worksForAll(delegatedNow(actor, 'agenda')) ? ofAll : anothers;

/** What somebody is to the notifications about a patient in some sections; what they may then do stands in the access table. */
function relationTo(actor: Principal, patientId: string, its: readonly Section[]): readonly Relation[] {
  if (hasRole(actor, 'patient') && actor.patientId === patientId) return own;
  const as = hasRole(actor, 'patient') ? actingFor(actor, patientId, its) : undefined;
  return as ? [as, ...byWork(actor)] : byWork(actor);
}

/** The minors whose guardian somebody is: what these keep from guardians does not exist for them. */
export function wardsOf(actor: Principal): readonly string[] {
  const at = actor.actsFor && requestAccess()?.at;
  return at ? wardsIn(actor, at) : [];
}

/**
 * @param its in what somebody who acts for the patient has to act; any of these is enough
 * @throws NotYours (403) for those of another patient, or of all
 */
export function assertMayAskFor(actor: Principal, patientId: string | undefined, its = visits): void {
  if (!ask(actor, patientId === undefined ? byWork(actor) : relationTo(actor, patientId, its)).allowed)
    throw new NotYours();
}

/**
 * What of the ledger about a patient somebody lists: of whom they act for what is of the sections in which they do. Undefined: all.
 * @throws NotYours (403) for those of another patient, or of all
 */
export function kindsToList(actor: Principal, patientId: string | undefined): readonly Kind[] | undefined {
  assertMayAskFor(actor, patientId, sections);
  if (patientId === undefined) return undefined;
  const seen = kindNames.filter((kind) => ask(actor, relationTo(actor, patientId, [rulesOf(kind).section])).allowed);
  return seen.length < kindNames.length ? seen : undefined;
}

/** Nobody but patients is written to, each by their own browsers. @returns who they are. @throws NotYours (403) for who is none */
export function assertMayBePushedTo(actor: Principal): string {
  const { patientId } = actor;
  if (!patientId || !ask(actor, own).allowed) throw new NotYours();
  return patientId;
}

/** @throws NotificationNotFound (404): what somebody may not see they cannot tell from what is not there */
export function assertMaySee(actor: Principal, { patientId, keptFromGuardians, kind }: Decision): void {
  const isKept = keptFromGuardians && patientId !== undefined && wardsOf(actor).includes(patientId);
  const to = patientId === undefined ? byWork(actor) : relationTo(actor, patientId, [rulesOf(kind).section]);
  if (isKept || !ask(actor, to).allowed) throw new NotificationNotFound();
}

/** Those who act for a patient, as a token would say it of each. */
const actorOf = (acting: readonly ActingNow[], patientId: string): Principal => ({
  id: acting[0]?.recipientId ?? '',
  roles: ['patient'],
  actsFor: acting.map(({ recipientId: _, ...rest }) => ({ patientId, ...rest })),
});

/**
 * Whether who acts for a patient may be written to of that, by the access table.
 * @param acting all that one recipient is to the patient now; none: they act no longer
 */
export function mayBeWrittenTo(
  acting: readonly ActingNow[],
  { patientId, kind, isKept, now }: { patientId: string; kind: Kind; isKept: boolean; now: Date },
): boolean {
  const actor = actorOf(acting, patientId);
  // A guardian is that in whatever else they act.
  if (isKept && wardsIn(actor, now).length > 0) return false;
  return written.decide(actor.roles, familyRelation(actor, patientId, rulesOf(kind).section, now)).allowed;
}

/** True of a minor at whose age the practice leaves to them what is medical: none of their guardians acts in it any more. */
export function isOfAge(acting: readonly ActingNow[], patientId: string, now: Date): boolean {
  const guardians = actorOf(
    acting.filter(({ as }) => as === 'guardian'),
    patientId,
  );
  return wardsIn(guardians, now).length > 0 && actsForIn(guardians, 'record', now).length === 0;
}
