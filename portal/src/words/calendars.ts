import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Calendar, CalendarFailureCode } from '../api/types.ts';

export const kindNames: Record<Calendar['kind'], MessageDescriptor> = {
  caldav: msg`A calendar on a server (CalDAV)`,
  ics: msg`A private address (ICS)`,
  google: msg`Google`,
};

export const stateNames: Record<Calendar['state'], MessageDescriptor> = {
  fresh: msg`up to date`,
  stale: msg`not read lately`,
  failing: msg`cannot be read`,
  revoked: msg`does not let us in`,
  'set-aside': msg`set aside`,
};

type Policy = Calendar['policy'];

export const policies: readonly Policy[] = ['warn', 'tentative', 'hide'];

/** What is wanted for when a calendar could not be read lately. */
export const policyNames: Record<Policy, MessageDescriptor> = {
  hide: msg`Offer no times`,
  warn: msg`Offer times, with a warning`,
  tentative: msg`Offer times, and confirm bookings only once it could be read`,
};

/** What that means while it is so. */
export const policyEffects: Record<Policy, MessageDescriptor> = {
  hide: msg`As long as it is not known what else it has taken, no times are offered.`,
  warn: msg`As long as it is not known what else it has taken, times are offered with a warning.`,
  tentative: msg`As long as it is not known what else it has taken, bookings are tentative: they wait for confirmation.`,
};

/** Why a calendar cannot be read or connected. */
const failures: Record<CalendarFailureCode, MessageDescriptor> = {
  'CALENDAR.ADDRESS_REFUSED': msg`The address is not on the public internet, or does not begin with https.`,
  'CALENDAR.NOT_ENCRYPTED': msg`The password would go over the network in the clear: the address has to begin with https.`,
  'CALENDAR.UNREACHABLE': msg`The server cannot be reached.`,
  'CALENDAR.TIMED_OUT': msg`The server does not answer in time.`,
  'CALENDAR.SERVER_ERROR': msg`The server answers with an error of its own.`,
  'CALENDAR.RATE_LIMITED': msg`The server lets nobody ask more for a while.`,
  'CALENDAR.SPARED': msg`The server failed too often just now, and is not asked for a moment.`,
  'CALENDAR.ACCESS_REFUSED': msg`The server does not let us in: name or password are wrong, or access was withdrawn.`,
  'CALENDAR.NOT_FOUND': msg`There is no calendar at this address, or no longer.`,
  'CALENDAR.REDIRECTED': msg`The server leads elsewhere too often, or where a password may not go.`,
  'CALENDAR.TOO_LARGE': msg`The calendar is larger than may be read.`,
  'CALENDAR.TOO_MANY_EVENTS': msg`The calendar has more events than can be laid out.`,
  'CALENDAR.READER_ENDED': msg`The calendar takes more time or memory to read than may be.`,
  'CALENDAR.UNREADABLE': msg`What is at this address is not a calendar.`,
  'CALENDAR.NOT_WRITABLE': msg`The calendar does not take our appointments.`,
};

const fieldWords: Record<string, MessageDescriptor> = { ...failures, REQUIRED: msg`This is needed.` };

/** Undefined for a code that the service has begun to give since. */
export const failureWords = (code: string): MessageDescriptor | undefined => fieldWords[code];
