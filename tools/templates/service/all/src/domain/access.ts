import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYours, SomeThingNotFound } from './errors.js';

/** @throws NotYours (403) for the some things of another patient */
export function assertMayAskFor(actor: Principal, patientId: string): void {
  if (!isConcerned(actor, patientId)) throw new NotYours();
}

/** @throws SomeThingNotFound (404): what somebody may not see they cannot tell from what is not there */
export function assertMaySee(actor: Principal, patientId: string): void {
  if (!isConcerned(actor, patientId)) throw new SomeThingNotFound();
}

const isConcerned = (actor: Principal, patientId: string): boolean =>
  hasRole(actor, 'practitioner', 'secretary') || (hasRole(actor, 'patient') && actor.patientId === patientId);
