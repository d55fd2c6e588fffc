import { Conflict, DomainError, InvalidInput, NotFound } from '@cabinet/kit/errors';
import type { ChangedFate } from './absences/absence-preview.js';
import type { Facts, Refusal, Slot } from './availability/availability.js';
import type { AppointmentStatus } from './booking/appointment.js';
import { type ErrorCode, errorCodes } from './error-codes.js';
import type { Impossible } from './series/judge-series.js';
import { inZone } from './time/time.js';

export class AppointmentNotFound extends NotFound {
  constructor() {
    super('APPOINTMENT.NOT_FOUND', errorCodes['APPOINTMENT.NOT_FOUND'].title);
  }
}

export class ResourceNotFound extends NotFound {
  constructor() {
    super('RESOURCE.NOT_FOUND', errorCodes['RESOURCE.NOT_FOUND'].title);
  }
}

/** True for a refusal of a time that others have; all else is against a rule. */
export const isTaken = ({ code }: Refusal): boolean => errorCodes[code].status === 409;

/** The time went to somebody else; carries the next free ones, so that the caller can offer them at once. */
export class NotFree extends Conflict {
  constructor({ code }: Refusal, nextFreeSlots: Slot[]) {
    super(code, errorCodes[code].title, {
      detail: 'Choose another time; the next free slots are in nextFreeSlots.',
      extensions: {
        nextFreeSlots: nextFreeSlots.map(({ start, end, placeId, zone }) => ({
          start: inZone(start, zone),
          end: inZone(end, zone),
          placeId,
        })),
      },
    });
  }
}

export class PatientBusy extends Conflict {
  constructor() {
    super('APPOINTMENT.PATIENT_BUSY', errorCodes['APPOINTMENT.PATIENT_BUSY'].title, {
      detail: 'One patient cannot be in two places: choose another time, or move the other appointment.',
    });
  }
}

/** Nothing was booked or moved; carries each occurrence that is not possible, with all that is in its way. */
export class SeriesNotPossible extends Conflict {
  constructor(impossible: Impossible[], possibleCount: number, audience: Facts['audience']) {
    super('SERIES.NOT_POSSIBLE', errorCodes['SERIES.NOT_POSSIBLE'].title, {
      detail: `${impossible.length} of ${impossible.length + possibleCount} are not possible, each named in impossible; nothing was changed.`,
      extensions: { impossible: impossible.map((each) => sayImpossible(each, audience)) },
    });
  }
}

/** @param audience patients do not learn which appointment is in the way */
export const sayImpossible = ({ local, refusals }: Impossible, audience: Facts['audience']) => ({
  local,
  reasons: refusals.map((why) => ({
    code: why.code,
    message: messageOf(why),
    appointmentId: audience === 'staff' ? why.appointmentId : undefined,
  })),
});

export class SeriesNotFound extends NotFound {
  constructor() {
    super('SERIES.NOT_FOUND', errorCodes['SERIES.NOT_FOUND'].title);
  }
}

export class NotOfASeries extends Conflict {
  constructor() {
    super('APPOINTMENT.NOT_OF_A_SERIES', errorCodes['APPOINTMENT.NOT_OF_A_SERIES'].title);
  }
}

/** Somebody else may have the slot by now. */
export class HoldExpired extends Conflict {
  constructor() {
    super('APPOINTMENT.HOLD_EXPIRED', errorCodes['APPOINTMENT.HOLD_EXPIRED'].title, {
      detail: 'Nothing was booked. Search again; the slot may still be free.',
    });
  }
}

export class TooManyHolds extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('limit-reached', 'APPOINTMENT.TOO_MANY_HOLDS', errorCodes['APPOINTMENT.TOO_MANY_HOLDS'].title, {
      detail: 'Confirm or cancel one of them first.',
      retryAfterSeconds,
    });
  }
}

/** What is still ahead has not happened. */
export class TooEarly extends Conflict {
  constructor(happening: string, possibleFrom: string) {
    super('APPOINTMENT.TOO_EARLY', errorCodes['APPOINTMENT.TOO_EARLY'].title, {
      detail: `That it was ${happening} can be recorded from possibleFrom on.`,
      extensions: { possibleFrom },
    });
  }
}

/** Somebody else came into the time of an appointment that was recorded as missed. */
export class TimeGone extends Conflict {
  constructor() {
    super('APPOINTMENT.SLOT_TAKEN', errorCodes['APPOINTMENT.SLOT_TAKEN'].title, {
      detail: 'The appointment stays as it is; book another one for the patient.',
    });
  }
}

/** The window in which patients cancel or move by themselves has closed. */
export class TooLate extends Conflict {
  constructor(noticeMinutes: number) {
    super('APPOINTMENT.TOO_LATE', errorCodes['APPOINTMENT.TOO_LATE'].title, {
      detail: `Patients can do this until ${noticeMinutes} minutes before the appointment.`,
    });
  }
}

export class WaitingNotFound extends NotFound {
  constructor() {
    super('WAITING.NOT_FOUND', errorCodes['WAITING.NOT_FOUND'].title);
  }
}

export class AlreadyWaiting extends Conflict {
  constructor() {
    super('WAITING.ALREADY', errorCodes['WAITING.ALREADY'].title, {
      detail: 'Withdraw the other entry first to wait for something else.',
    });
  }
}

export class TooManyWaiting extends DomainError {
  constructor(most: number) {
    super('limit-reached', 'WAITING.TOO_MANY', errorCodes['WAITING.TOO_MANY'].title, {
      detail: `A patient can have ${most} entries on the waiting list; withdraw one first.`,
    });
  }
}

export class OfferEnded extends Conflict {
  constructor() {
    super('WAITING.OFFER_ENDED', errorCodes['WAITING.OFFER_ENDED'].title, {
      detail: 'Nothing was booked. The patient still waits, unless they have left the list.',
    });
  }
}

/** Nothing was changed; carries what is no longer as it was previewed. */
export class AbsenceChanged extends Conflict {
  constructor(changed: ChangedFate[]) {
    super('ABSENCE.CHANGED', errorCodes['ABSENCE.CHANGED'].title, {
      detail: 'Nothing was changed. What differs is in changed; ask for a new preview.',
      extensions: { changed },
    });
  }
}

export class InvalidTransition extends Conflict {
  constructor(happening: string, current: AppointmentStatus) {
    super('APPOINTMENT.INVALID_TRANSITION', errorCodes['APPOINTMENT.INVALID_TRANSITION'].title, {
      detail: `An appointment that is ${current} cannot be ${happening}.`,
    });
  }
}

/** A refusal of one field under a code of this service. */
export const refusal = (code: ErrorCode, path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], code, errorCodes[code].title);

export const patientUnknown = (): InvalidInput =>
  refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientId', 'is not a known patient');

/** A refusal of a time for the rule that is in its way. */
export const refusalOf = (why: Refusal, path: string): InvalidInput => refusal(why.code, path, messageOf(why));

/** For people; without times, which are said beside it. */
export function messageOf({ code, name, limit }: Refusal): string {
  switch (code) {
    case 'APPOINTMENT.IN_THE_PAST':
      return 'has passed';
    case 'APPOINTMENT.NOTICE_TOO_SHORT':
      return `is less than ${limit} minutes ahead`;
    case 'APPOINTMENT.BEYOND_HORIZON':
      return `is more than ${limit} days ahead`;
    case 'APPOINTMENT.STAFF_ONLY':
      return 'is of a type that only the practice books';
    case 'APPOINTMENT.OUTSIDE_WORKING_HOURS':
      return 'is outside the working hours of the practitioner';
    case 'APPOINTMENT.HOURS_OF_OTHER_TYPES':
      return 'is in hours that are for other types of appointment';
    case 'APPOINTMENT.IN_A_BREAK':
      return 'is in a break of the practitioner';
    case 'APPOINTMENT.OTHER_HOURS_THAT_DAY':
      return 'is on a day with other hours than usual';
    case 'APPOINTMENT.PUBLIC_HOLIDAY':
      return `is on a public holiday: ${name}`;
    case 'APPOINTMENT.PRACTITIONER_ABSENT':
      return 'is in an absence of the practitioner';
    case 'APPOINTMENT.NOT_A_SLOT':
      return 'is not the start of a slot; see GET /api/slots';
    case 'APPOINTMENT.SLOT_TAKEN':
      return 'is taken by another appointment';
    case 'APPOINTMENT.TOO_CLOSE':
      return 'is too close to another appointment';
    case 'APPOINTMENT.GROUP_FULL':
      return `is of a group that has its ${limit} patients`;
    case 'APPOINTMENT.DAY_FULL':
      return `is on a day that has its ${limit} appointments of this type`;
    case 'APPOINTMENT.PATIENT_BUSY':
      return 'is at a time at which the patient has another appointment';
    case 'APPOINTMENT.TIME_SKIPPED':
      return 'is at a time that the clocks skip';
    case 'APPOINTMENT.BUSY_ELSEWHERE':
      return 'is busy in an external calendar';
    case 'APPOINTMENT.CALENDAR_STALE':
      return 'is not known to be free: an external calendar could not be read lately';
    case 'APPOINTMENT.RESOURCE_TAKEN':
      return 'needs a room or device that is taken';
  }
}
