import { delegatedNow, worksAs, worksForAll } from '@cabinet/access/delegation';
import { actsForNow } from '@cabinet/access/family';
import type { Relation } from '@cabinet/access/vocabulary';
import { type ActsFor, type Delegated, hasRole, type Principal } from '@cabinet/kit/access/principal';

/** Who meet in an appointment. */
export interface Parties {
  patientId: string;
  practitionerId: string;
}

/** By whose rules an agenda is seen: all that is possible, or what patients may choose. */
export type Audience = 'staff' | 'patients';

/** What somebody is to an appointment: whatever else they are elsewhere gives them nothing here. */
export type Capacity = Delegated['as'] | 'practitioner' | 'patient' | ActsFor['as'];

export const isPractitioner = (actor: Principal, practitionerId: string): boolean =>
  hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;

/**
 * In which capacity somebody acts on an appointment, or on a time that is nobody's yet; undefined for one of whom it is none.
 * In their own agenda practitioners act as such, whatever else they are; in all others whoever is the patient, or acts for the
 * patient, is nothing else, a secretary neither: to what a minor keeps from guardians a guardian is nobody. Who works for a
 * practitioner does so as far and as long as the agenda was delegated to them.
 */
export function capacityOf(
  actor: Principal,
  { patientId, practitionerId, keptFromGuardians }: Facing,
): Capacity | undefined {
  if (isPractitioner(actor, practitionerId)) return 'practitioner';
  if (patientId !== undefined && hasRole(actor, 'patient', 'secretary')) {
    if (actor.patientId === patientId) return 'patient';
    const as = actingFor(actor, patientId);
    if (as) return as === 'guardian' && keptFromGuardians ? undefined : as;
  }
  return workingFor(actor, practitionerId);
}

/** As what somebody works for a practitioner in the agenda, if at all. */
export const workingFor = (actor: Principal, practitionerId: string): Delegated['as'] | undefined =>
  worksAs(delegatedNow(actor, 'agenda'), practitionerId);

/** What somebody has to stand in for a practitioner, whatever else they are in the agenda. */
export const standingInFor = (actor: Principal, practitionerId: string): readonly Delegated[] =>
  delegatedNow(actor, 'agenda').filter((each) => each.as === 'locum' && each.practitionerId === practitionerId);

/** True for a secretary of all agendas. */
export const runsAllAgendas = (actor: Principal): boolean => worksForAll(delegatedNow(actor, 'agenda'));

/** The agendas that somebody runs, where not all: their own, and those delegated to them by name. */
export function agendasOf(actor: Principal): { practitionerId: string; capacity: Capacity }[] {
  const { practitionerId: own } = actor;
  const named = new Set(delegatedNow(actor, 'agenda').map(({ practitionerId }) => practitionerId));
  return [...new Set([...(own ? [own] : []), ...named])].flatMap((practitionerId) => {
    const capacity = capacityOf(actor, { practitionerId });
    return capacity ? [{ practitionerId, capacity }] : [];
  });
}

/** As what somebody acts for another patient, if at all. */
export const actingFor = (actor: Principal, patientId: string): ActsFor['as'] | undefined =>
  actsForNow(actor, 'appointments').find((each) => each.patientId === patientId)?.as;

/** The minors whose guardian somebody is. */
export const wardsOf = (actor: Principal): readonly string[] =>
  actsForNow(actor, 'appointments')
    .filter(({ as }) => as === 'guardian')
    .map(({ patientId }) => patientId);

const relations = {
  practitioner: ['agenda'],
  patient: ['self'],
  guardian: ['guardian'],
  carer: ['carer'],
  secretary: ['delegate'],
  locum: ['locum'],
  nobody: [],
} as const satisfies Record<Capacity | 'nobody', readonly Relation[]>;

/** The same in the words of the access table. */
export const relationOf = (capacity: Capacity | undefined): readonly Relation[] => relations[capacity ?? 'nobody'];
export function relationTo(actor: Principal, facing: Facing): readonly Relation[] {
  const capacity = capacityOf(actor, facing);
  return capacity === 'guardian' && readsRecordOf(actor, facing.patientId) ? guardianWhoReads : relationOf(capacity);
}

const guardianWhoReads: readonly Relation[] = ['guardian', 'reader'];
const readsRecordOf = (actor: Principal, patientId: string | undefined): boolean =>
  actsForNow(actor, 'record').some((each) => each.patientId === patientId);

const ofAll: readonly Relation[] = [...relations.secretary, 'other'];

/** Of what belongs to an agenda and to no patient; a secretary of all agendas is so whatever is delegated to them by name. */
export function relationToAgenda(actor: Principal, practitionerId: string): readonly Relation[] {
  const to = relationTo(actor, { practitionerId });
  if (to === relations.practitioner || !runsAllAgendas(actor)) return to;
  return to === relations.locum ? [...to, ...ofAll] : ofAll;
}

/** What somebody may be something to: an agenda, or an appointment in it. */
export type Facing = Pick<Parties, 'practitionerId'> & Partial<Parties> & { keptFromGuardians?: boolean };

/** True for those who run the agenda that it is in, and for services. */
export const isStaffOf = (actor: Principal, parties: Facing): boolean =>
  hasRole(actor, 'service') || ['secretary', 'locum', 'practitioner'].includes(capacityOf(actor, parties) ?? '');

/** Who does not run an agenda is bound by the rules for patients in it. */
export const audienceOf = (actor: Principal, parties: Facing): Audience =>
  isStaffOf(actor, parties) ? 'staff' : 'patients';

/**
 * The appointment that is in the way, where it may be named: patients do not learn of those of others, nor guardians of what is kept
 * from them, by whatever rules they look.
 */
export const neighbourNamedTo = (
  actor: Principal,
  audience: Audience,
  { appointmentId, keptOf }: { appointmentId?: string; keptOf?: string },
): string | undefined =>
  audience === 'staff' && !(keptOf && wardsOf(actor).includes(keptOf)) ? appointmentId : undefined;

/** Those whose guardian it is who looks at an agenda by the rules for patients. */
export const wardsIn = (actor: Principal, audience: Audience): readonly string[] =>
  audience === 'patients' ? wardsOf(actor) : [];
