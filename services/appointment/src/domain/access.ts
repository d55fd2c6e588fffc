import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import type { Facts } from './availability/availability.js';
import type { Appointment } from './booking/appointment.js';
import { AppointmentNotFound, WaitingNotFound } from './errors.js';
import type { Waiting } from './waiting-list/waiting.js';

type Parties = Pick<Appointment, 'patientId' | 'practitionerId'>;

/** What somebody is to an appointment: whatever else they are elsewhere gives them nothing here. */
export type Capacity = 'secretary' | 'practitioner' | 'patient';

const isPatient = (actor: Principal, patientId: string): boolean =>
  hasRole(actor, 'patient') && actor.patientId === patientId;

const isPractitioner = (actor: Principal, practitionerId: string): boolean =>
  hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;

const isParty = (actor: Principal, { patientId, practitionerId }: Parties): boolean =>
  isPatient(actor, patientId) || isPractitioner(actor, practitionerId);

/**
 * In which capacity somebody acts on an appointment, or on a time that is nobody's yet; undefined for one of whom it is none.
 * In their own agenda practitioners act as such, whatever else they are; in all others whoever is the patient is nothing else,
 * a secretary neither.
 */
export function capacityOf(actor: Principal, { patientId, practitionerId }: Facing): Capacity | undefined {
  if (isPractitioner(actor, practitionerId)) return 'practitioner';
  const isOwn = patientId !== undefined && actor.patientId === patientId;
  if (isOwn && hasRole(actor, 'patient', 'secretary')) return 'patient';
  return hasRole(actor, 'secretary') ? 'secretary' : undefined;
}

type Facing = Pick<Parties, 'practitionerId'> & Partial<Parties>;

/** True for those who run the agenda that it is in, and for services. */
export const isStaffOf = (actor: Principal, parties: Facing): boolean =>
  hasRole(actor, 'service') || ['secretary', 'practitioner'].includes(capacityOf(actor, parties) ?? '');

/** What patients or secretaries confirm or move rests on their word from then on, whoever booked it. */
export function onWordOf(actor: Principal, appointment: Appointment): Appointment['bookedAs'] {
  const word = capacityOf(actor, appointment);
  return word === 'patient' || word === 'secretary' ? word : appointment.bookedAs;
}

/** Who does not run an agenda is bound by the rules for patients in it. */
export const audienceOf = (actor: Principal, parties: Facing): Facts['audience'] =>
  isStaffOf(actor, parties) ? 'staff' : 'patients';

/** Why somebody comes may be medical: it is for the patient, the practitioner, and who wrote it. */
export const maySeeReason = (actor: Principal, parties: Parties, writtenBy: string): boolean =>
  isParty(actor, parties) || actor.id === writtenBy;

/** Secretaries see every agenda, people their own appointments. To others an appointment does not exist. */
export function assertMaySee(actor: Principal, appointment: Parties): void {
  if (!hasRole(actor, 'service') && !capacityOf(actor, appointment)) throw new AppointmentNotFound();
}

/** @throws NotAllowed (403) for booking on behalf of another patient, or into another practitioner's agenda */
export function assertMayBook(actor: Principal, parties: Parties): void {
  if (!capacityOf(actor, parties)) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only book your own appointments');
  }
}

/** @throws NotAllowed (403) for changing one that is neither the caller's own nor in an agenda of theirs */
export function assertMayChange(actor: Principal, parties: Parties): void {
  if (!capacityOf(actor, parties)) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only change your own appointments');
  }
}

/** @throws NotAllowed (403) for a patient who would force a time */
export function assertMayOverbook(actor: Principal, parties: Parties, overbook: object | undefined): void {
  if (overbook && !isStaffOf(actor, parties)) {
    throw new NotAllowed('ACCESS.STAFF_OVERBOOKS', 'Only the practice books over what is in the way');
  }
}

/** @throws NotAllowed (403) for a patient who would record what became of a visit */
export function assertMayRecord(actor: Principal, parties: Parties): void {
  if (!isStaffOf(actor, parties)) {
    throw new NotAllowed('ACCESS.STAFF_RECORDS', 'Only the practice records what became of an appointment');
  }
}

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

/** Working hours are set by the practitioner concerned or a secretary. */
export function assertMaySetHours(actor: Principal, practitionerId: string): void {
  const isOwn = hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;
  if (!isOwn && !hasRole(actor, 'secretary', 'admin')) {
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only set your own working hours');
  }
}

/** Calendars elsewhere are kept by the practitioner concerned, a secretary or an admin. */
export const mayKeepCalendars = (actor: Principal, practitionerId: string): boolean =>
  maySeeAgenda(actor, practitionerId) || hasRole(actor, 'admin');

/** @throws NotAllowed (403) for another practitioner's calendars */
export function assertMayKeepCalendars(actor: Principal, practitionerId: string): void {
  if (!mayKeepCalendars(actor, practitionerId)) throw notYourCalendars();
}

/**
 * What tells when visits are, or has them written somewhere else, is for those who see the agenda itself.
 * @throws NotAllowed (403) for an admin too
 */
export function assertMaySeeAgenda(actor: Principal, practitionerId: string): void {
  if (!maySeeAgenda(actor, practitionerId)) throw notYourCalendars();
}

const maySeeAgenda = (actor: Principal, practitionerId: string): boolean =>
  (hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId) || hasRole(actor, 'secretary');

const notYourCalendars = () =>
  new NotAllowed('ACCESS.NOT_YOUR_CALENDARS', 'You may only see and set your own calendars');

/**
 * Narrows a list to what the actor may see.
 * @throws NotAllowed (403) when the actor asks for somebody else's
 */
export function visibleTo<F extends Partial<Parties>>(actor: Principal, filter: F): F {
  if (hasRole(actor, 'secretary', 'service')) return filter;
  const isOwnPatient = hasRole(actor, 'patient') && actor.patientId !== undefined;
  const isOwnAgenda = hasRole(actor, 'practitioner') && actor.practitionerId !== undefined;
  if (isOwnPatient && filter.patientId === actor.patientId) return filter;
  if (isOwnAgenda && (filter.practitionerId ?? actor.practitionerId) === actor.practitionerId) {
    return { ...filter, practitionerId: actor.practitionerId };
  }
  if (isOwnPatient && filter.patientId === undefined) return { ...filter, patientId: actor.patientId };
  throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only list your own appointments');
}
