import { ask } from '@cabinet/access/ask';
import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Decision, Question } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import {
  actingFor,
  agendasOf,
  capacityOf,
  type Facing,
  isStaffOf,
  type Parties,
  relationOf,
  relationTo,
  runsAllAgendas,
  standingInFor,
  wardsOf,
} from '../capacity.js';
import { noteForWhom } from '../for-whom.js';
import type { Appointment } from './appointment.js';
import { AppointmentNotFound } from './errors.js';

const read = policy.question('appointment', 'read', 'rest');
const overbooking = policy.question('appointment', 'overbook', 'rest');
const change = policy.question('appointment', 'change', 'rest');

interface About {
  patientId: string;
  keptFromGuardians?: boolean;
}

/** Whose the things are that a request is about. The trail says so before anybody is refused, and what of it guardians do not see. */
export function noteAbout(...things: readonly About[]): void {
  noteSubjects(...things.map(({ patientId }) => patientId));
  noteKept(things);
}

/** Of what is shown or changed guardians do not learn who saw or changed it, where it is kept from them. */
export function noteKept(things: readonly Pick<About, 'keptFromGuardians'>[]): void {
  if (things.some(({ keptFromGuardians }) => keptFromGuardians)) noteKeptFromGuardians();
}

/**
 * The same of a list. Asked for by its patient, it is about them whatever it shows: where that is nothing, or only what is kept, which
 * practitioner it was for is not for guardians.
 */
export function noteListed(
  items: readonly Pick<About, 'keptFromGuardians'>[],
  { patientId, practitionerId }: Partial<Parties>,
  actor: Principal,
): void {
  noteKept(items);
  const namesOne = hasRole(actor, 'practitioner') || practitionerId !== undefined;
  if (patientId && namesOne && items.every(({ keptFromGuardians }) => keptFromGuardians)) noteKeptFromGuardians();
}

/** Asks the table about an appointment; of who acts for its patient or its practitioner the trail says for whom. */
export function askAbout(actor: Principal, facing: Facing, question?: Question): Decision {
  noteForWhom(capacityOf(actor, facing), facing);
  return ask(actor, relationTo(actor, facing), question);
}

/**
 * The word of who books. Of one who is nobody here it counts for as little as that of the practitioner alone, and so does that of
 * who stands in for the practitioner, whatever else they are to the patient: nobody comes into a record by what colleagues do among
 * themselves.
 */
export function wordOf(actor: Principal, parties: Parties): Appointment['bookedAs'] {
  const capacity = capacityOf(actor, parties) ?? 'practitioner';
  return capacity !== 'patient' && standingInFor(actor, parties.practitionerId).length > 0 ? 'practitioner' : capacity;
}

/** What patients, those who act for them, or secretaries confirm or move rests on their word from then on, whoever booked it. */
export function onWordOf(actor: Principal, appointment: Appointment): Appointment['bookedAs'] {
  const word = wordOf(actor, appointment);
  return word === 'practitioner' ? appointment.bookedAs : word;
}

/**
 * Who stands in for its practitioner has no say in who comes in that time: what they move into it from before or after rests on no
 * word but theirs.
 */
export function isMovedIn(actor: Principal, appointment: Appointment): boolean {
  const terms = standingInFor(actor, appointment.practitionerId);
  if (terms.length === 0 || wordOf(actor, appointment) !== 'practitioner') return false;
  // As record asks for visits in that time.
  return !terms.some(({ since, until }) => since && until && since < appointment.start && appointment.start < until);
}

/** On whose word it rests once it is moved. */
export const movedOnWordOf = (actor: Principal, appointment: Appointment): Appointment['bookedAs'] =>
  isMovedIn(actor, appointment) ? 'practitioner' : onWordOf(actor, appointment);

/** True for one that stands, rests on the practitioner's word alone, and is looked at by somebody else. */
export const awaitsWordOf = (actor: Principal, appointment: Appointment): boolean =>
  appointment.bookedAs === 'practitioner' &&
  ['booked', 'arrived', 'fulfilled'].includes(appointment.status) &&
  onWordOf(actor, appointment) !== 'practitioner';

/** What the actor does not see of an appointment. @param writtenBy whose words are looked at */
export function hiddenFrom(actor: Principal, parties: Facing, writtenBy: string): readonly string[] {
  const to = relationTo(actor, parties);
  return ask(actor, actor.id === writtenBy ? [...to, 'author'] : to, read).hidden;
}

/** @throws AppointmentNotFound (404): to those who may not see it an appointment does not exist */
export function assertMaySee(actor: Principal, appointment: Facing): void {
  if (!askAbout(actor, appointment, read).allowed) throw new AppointmentNotFound();
}

/** Of one among many; nothing of it is in the trail. */
export const maySee = (actor: Principal, appointment: Facing): boolean =>
  ask(actor, relationTo(actor, appointment), read).allowed;

/** @throws NotAllowed (403) for a patient who would record what became of a visit */
export function assertMayDo(actor: Principal, appointment: Facing): void {
  if (!askAbout(actor, appointment).allowed) {
    throw new NotAllowed('ACCESS.STAFF_RECORDS', 'Only the practice records what became of an appointment');
  }
}

/** @throws NotAllowed (403) for a guardian or a carer */
export function assertMayKeep(actor: Principal, thing: Facing): void {
  if (!askAbout(actor, thing).allowed) throw notYoursToKeep();
}

/** Of one among many; nothing of it is in the trail. */
export const mayKeep = (actor: Principal, thing: Facing): boolean => ask(actor, relationTo(actor, thing)).allowed;

export const notYoursToKeep = (): NotAllowed =>
  new NotAllowed('ACCESS.NOT_YOURS_TO_KEEP', 'What is kept from guardians is for the patient and the practice to say');

/** @throws NotAllowed (403) for booking on behalf of another patient, or into another practitioner's agenda */
export function assertMayBook(actor: Principal, { keptFromGuardians, ...parties }: Facing): void {
  const { allowed, sets } = askAbout(actor, parties);
  if (!allowed) throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only book your own appointments');
  if (keptFromGuardians !== undefined && !sets.has('keptFromGuardians')) throw notYoursToKeep();
}

/** @throws NotAllowed (403) for changing one that is neither the caller's own nor in an agenda of theirs */
export function assertMayChange(actor: Principal, parties: Facing): void {
  if (!askAbout(actor, parties, change).allowed) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only change your own appointments');
  }
}

/** @throws NotAllowed (403) for who does not run both agendas: who takes an appointment over is for the practice to say */
export function assertMayHandOver(actor: Principal, from: Facing, to: Facing): void {
  if (!isStaffOf(actor, from) || !isStaffOf(actor, to))
    throw new NotAllowed('ACCESS.STAFF_HANDS_OVER', 'Only the practice moves an appointment to somebody else');
  assertMayChange(actor, to);
}

/** @throws NotAllowed (403) for a patient who would force a time */
export function assertMayOverbook(actor: Principal, parties: Facing, overbook: object | undefined): void {
  if (overbook && !askAbout(actor, parties, overbooking).allowed) {
    throw new NotAllowed('ACCESS.STAFF_OVERBOOKS', 'Only the practice books over what is in the way');
  }
}

const own: readonly Relation[] = ['self'];

/** Whose things are listed; without what these patients keep from guardians. */
type Listed = Partial<Parties> & { practitionerIds?: readonly string[]; exceptKeptOf?: readonly string[] };

/**
 * Narrows a list to what the actor may see: their own, of whom they act for the one whose id they ask by, and what is in the agendas
 * that they run.
 * @throws NotAllowed (403) when the actor asks for somebody else's
 */
export function visibleTo<F extends Listed>(actor: Principal, filter: F): F {
  const { patientId, practitionerId } = filter;
  const wards = wardsOf(actor);
  const unkept = wards.length > 0 ? { ...filter, exceptKeptOf: wards } : filter;
  if (ask(actor, []).allowed) return unkept;
  const asWhat = practitionerId ? capacityOf(actor, { practitionerId }) : 'secretary';
  if (runsAllAgendas(actor) && ask(actor, relationOf(asWhat)).allowed) {
    if (practitionerId) noteForWhom(asWhat, { practitionerId });
    return unkept;
  }
  const maySeeOwn = () => actor.patientId !== undefined && ask(actor, own).allowed;
  if (patientId === actor.patientId && maySeeOwn()) return filter;
  const isInOwnAgenda = actor.practitionerId !== undefined && practitionerId === actor.practitionerId;
  const as = patientId && !isInOwnAgenda && actingFor(actor, patientId);
  if (as && ask(actor, [as]).allowed) {
    noteForWhom(as, { patientId, practitionerId: practitionerId ?? '' });
    return unkept;
  }
  const agendas = agendasOf(actor).filter(
    (each) => practitionerId === undefined || each.practitionerId === practitionerId,
  );
  const [one, ...others] = agendas;
  if (
    one &&
    ask(
      actor,
      agendas.flatMap(({ capacity }) => relationOf(capacity)),
    ).allowed
  ) {
    if (others.length > 0) return { ...unkept, practitionerIds: agendas.map((each) => each.practitionerId) };
    noteForWhom(one.capacity, one);
    return { ...(one.capacity === 'practitioner' ? filter : unkept), practitionerId: one.practitionerId };
  }
  if (patientId === undefined && maySeeOwn()) return { ...filter, patientId: actor.patientId };
  throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only list your own appointments');
}
