import { ask } from '@cabinet/access/ask';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { capacityOf, type Parties, relationTo } from '../capacity.js';
import type { Appointment } from './appointment.js';
import { AppointmentNotFound } from './errors.js';

const read = policy.question('appointment', 'read', 'rest');
const overbooking = policy.question('appointment', 'overbook', 'rest');
const change = policy.question('appointment', 'change', 'rest');

/** The word of who books. Of one who is nobody here it counts for as little as that of the practitioner alone. */
export const wordOf = (actor: Principal, parties: Parties): Appointment['bookedAs'] =>
  capacityOf(actor, parties) ?? 'practitioner';

/** What patients or secretaries confirm or move rests on their word from then on, whoever booked it. */
export function onWordOf(actor: Principal, appointment: Appointment): Appointment['bookedAs'] {
  const word = wordOf(actor, appointment);
  return word === 'patient' || word === 'secretary' ? word : appointment.bookedAs;
}

/** True for one that stands, rests on the practitioner's word alone, and is looked at by somebody else. */
export const awaitsWordOf = (actor: Principal, appointment: Appointment): boolean =>
  appointment.bookedAs === 'practitioner' &&
  ['booked', 'arrived', 'fulfilled'].includes(appointment.status) &&
  onWordOf(actor, appointment) !== 'practitioner';

/** What the actor does not see of an appointment. @param writtenBy whose words are looked at */
export function hiddenFrom(actor: Principal, parties: Parties, writtenBy: string): readonly string[] {
  const to = relationTo(actor, parties);
  return ask(actor, actor.id === writtenBy ? [...to, 'author'] : to, read).hidden;
}

/** @throws AppointmentNotFound (404): to those who may not see it an appointment does not exist */
export function assertMaySee(actor: Principal, appointment: Parties): void {
  if (!ask(actor, relationTo(actor, appointment), read).allowed) throw new AppointmentNotFound();
}

/** @throws NotAllowed (403) for a patient who would record what became of a visit */
export function assertMayDo(actor: Principal, appointment: Parties): void {
  if (!ask(actor, relationTo(actor, appointment)).allowed) {
    throw new NotAllowed('ACCESS.STAFF_RECORDS', 'Only the practice records what became of an appointment');
  }
}

/** @throws NotAllowed (403) for booking on behalf of another patient, or into another practitioner's agenda */
export function assertMayBook(actor: Principal, parties: Parties): void {
  if (!ask(actor, relationTo(actor, parties)).allowed) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only book your own appointments');
  }
}

/** @throws NotAllowed (403) for changing one that is neither the caller's own nor in an agenda of theirs */
export function assertMayChange(actor: Principal, parties: Parties): void {
  if (!ask(actor, relationTo(actor, parties), change).allowed) {
    throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only change your own appointments');
  }
}

/** @throws NotAllowed (403) for a patient who would force a time */
export function assertMayOverbook(actor: Principal, parties: Parties, overbook: object | undefined): void {
  if (overbook && !ask(actor, relationTo(actor, parties), overbooking).allowed) {
    throw new NotAllowed('ACCESS.STAFF_OVERBOOKS', 'Only the practice books over what is in the way');
  }
}

const own: readonly Relation[] = ['self'];
const inAgenda: readonly Relation[] = ['agenda'];

/**
 * Narrows a list to what the actor may see.
 * @throws NotAllowed (403) when the actor asks for somebody else's
 */
export function visibleTo<F extends Partial<Parties>>(actor: Principal, filter: F): F {
  if (ask(actor, []).allowed) return filter;
  const { patientId, practitionerId } = actor;
  const maySeeOwn = () => patientId !== undefined && ask(actor, own).allowed;
  if (filter.patientId === patientId && maySeeOwn()) return filter;
  const isOfAgenda = practitionerId !== undefined && (filter.practitionerId ?? practitionerId) === practitionerId;
  if (isOfAgenda && ask(actor, inAgenda).allowed) return { ...filter, practitionerId };
  if (filter.patientId === undefined && maySeeOwn()) return { ...filter, patientId };
  throw new NotAllowed('ACCESS.NOT_YOUR_APPOINTMENT', 'You may only list your own appointments');
}
