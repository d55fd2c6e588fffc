import { hasRole, NotAllowed, type Principal } from '@cabinet/kit';
import type { Appointment } from './appointment.js';
import type { Facts } from './availability.js';
import { AppointmentNotFound, WaitingNotFound } from './errors.js';
import type { Waiting } from './waiting.js';

type Parties = Pick<Appointment, 'patientId' | 'practitionerId'>;

const isParty = (actor: Principal, { patientId, practitionerId }: Parties): boolean =>
  (hasRole(actor, 'patient') && actor.patientId === patientId) ||
  (hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId);

/** Secretaries see every agenda, people their own appointments. To others an appointment does not exist. */
export function assertMaySee(actor: Principal, appointment: Appointment): void {
  if (!hasRole(actor, 'secretary', 'service') && !isParty(actor, appointment)) throw new AppointmentNotFound();
}

/** @throws NotAllowed (403) for booking on behalf of another patient, or into another practitioner's agenda */
export function assertMayBook(actor: Principal, parties: Parties): void {
  if (!hasRole(actor, 'secretary') && !isParty(actor, parties)) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only book your own appointments');
  }
}

/** As for appointments, of any of the practitioners who are waited for. To others nobody waits. */
export function assertMaySeeWaiting(actor: Principal, { patientId, wants }: Waiting): void {
  const isOne = wants.some(({ practitionerId }) => isParty(actor, { patientId, practitionerId }));
  if (!hasRole(actor, 'secretary', 'service') && !isOne) throw new WaitingNotFound();
}

/** @throws NotAllowed (403) for waiting on behalf of another patient, or for another practitioner */
export function assertMayWait(actor: Principal, { patientId, wants }: Pick<Waiting, 'patientId' | 'wants'>): void {
  for (const { practitionerId } of wants) assertMayBook(actor, { patientId, practitionerId });
}

/** @throws NotAllowed (403) for a patient who would force a time */
export function assertMayOverbook(actor: Principal, overbook: object | undefined): void {
  if (overbook && audienceOf(actor) === 'patients') {
    throw new NotAllowed('ACCESS.STAFF_OVERBOOKS', 'Only the practice books over what is in the way');
  }
}

export const isStaff = (actor: Principal): boolean => audienceOf(actor) === 'staff';

/** Who comes as a patient only is bound by the rules for patients. */
export const audienceOf = (actor: Principal): Facts['audience'] =>
  actor.roles.some((role) => role !== 'patient') ? 'staff' : 'patients';

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
  if (isOwnAgenda && (filter.practitionerId ?? actor.practitionerId) === actor.practitionerId) {
    return { ...filter, practitionerId: actor.practitionerId };
  }
  if (isOwnPatient && (filter.patientId ?? actor.patientId) === actor.patientId) {
    return { ...filter, patientId: actor.patientId };
  }
  throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only list your own appointments');
}
