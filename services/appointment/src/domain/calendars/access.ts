import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';

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
