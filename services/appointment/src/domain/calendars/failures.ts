/** Why a calendar can not be read or written, and what of it people are told. */
export const calendarFailures = {
  'CALENDAR.ADDRESS_REFUSED': 'is an address that is not on the public internet, or not http or https',
  'CALENDAR.NOT_ENCRYPTED': 'would see the password go over a network in the clear: its address has to be https',
  'CALENDAR.UNREACHABLE': 'cannot be reached',
  'CALENDAR.TIMED_OUT': 'does not answer in time',
  'CALENDAR.SERVER_ERROR': 'answers with an error of its own',
  'CALENDAR.RATE_LIMITED': 'lets us ask no more for a while',
  'CALENDAR.SPARED': 'failed too often just now, and is not asked for a moment',
  'CALENDAR.ACCESS_REFUSED': 'does not let us in: the credentials are wrong, or were revoked',
  'CALENDAR.NOT_FOUND': 'is no longer there',
  'CALENDAR.REDIRECTED': 'sends us elsewhere too often, or where we may not follow',
  'CALENDAR.TOO_LARGE': 'is larger than may be read',
  'CALENDAR.TOO_MANY_EVENTS': 'has more events, or repetitions of them, than can be laid out',
  'CALENDAR.READER_ENDED':
    'takes more time or memory to read than may be; after two times it is read only when it is asked for or connected anew',
  'CALENDAR.UNREADABLE': 'does not answer with a calendar',
  'CALENDAR.NOT_WRITABLE': 'does not take our appointments',
} as const;

export type CalendarFailureCode = keyof typeof calendarFailures;

/** A calendar that could not be read or written. Its message says nothing that came from the other side. */
export class CalendarFailure extends Error {
  constructor(
    readonly code: CalendarFailureCode,
    /** The other side said when to come again, in milliseconds from now. */
    readonly retryAfterMs?: number,
  ) {
    super(`the calendar ${calendarFailures[code]}`);
    this.name = 'CalendarFailure';
  }
}
