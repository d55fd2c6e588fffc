import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { capacityOf, isPatient, isPractitioner, isStaffOf, type Parties } from '../capacity.js';
import type { Appointment } from './appointment.js';
import { AppointmentNotFound } from './errors.js';

const isParty = (actor: Principal, { patientId, practitionerId }: Parties): boolean =>
  isPatient(actor, patientId) || isPractitioner(actor, practitionerId);

/** What patients or secretaries confirm or move rests on their word from then on, whoever booked it. */
export function onWordOf(actor: Principal, appointment: Appointment): Appointment['bookedAs'] {
  const word = capacityOf(actor, appointment);
  return word === 'patient' || word === 'secretary' ? word : appointment.bookedAs;
}

/** Why somebody comes may be medical: it is for the patient, the practitioner, and who wrote it. */
export const maySeeReason = (actor: Principal, parties: Parties, writtenBy: string): boolean =>
  isParty(actor, parties) || actor.id === writtenBy;

/** Secretaries see every agenda, people their own appointments. */
export const maySee = (actor: Principal, parties: Parties): boolean =>
  hasRole(actor, 'service') || capacityOf(actor, parties) !== undefined;

/** To others an appointment does not exist. */
export function assertMaySee(actor: Principal, appointment: Parties): void {
  if (!maySee(actor, appointment)) throw new AppointmentNotFound();
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
