import { policy } from '@cabinet/access/table';
import type { Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import { askAboutAgenda } from '../for-whom.js';

const showing = policy.question('calendar', 'show', 'rest');

/** Calendars elsewhere are kept by the practitioner concerned, a secretary of all agendas or an admin. */
export const mayKeepCalendars = (actor: Principal, practitionerId: string): boolean =>
  askAboutAgenda(actor, practitionerId).allowed;

/** @throws NotAllowed (403) for another practitioner's calendars */
export function assertMayKeepCalendars(actor: Principal, practitionerId: string): void {
  if (!mayKeepCalendars(actor, practitionerId)) throw notYourCalendars();
}

/**
 * What tells when visits are, or has them written somewhere else, is for those who see the agenda itself.
 * @throws NotAllowed (403) for an admin too
 */
export function assertMaySeeAgenda(actor: Principal, practitionerId: string): void {
  assertMayKeepCalendars(actor, practitionerId);
  if (!askAboutAgenda(actor, practitionerId, showing).allowed) throw notYourCalendars();
}

const notYourCalendars = () =>
  new NotAllowed('ACCESS.NOT_YOUR_CALENDARS', 'You may only see and set your own calendars');
