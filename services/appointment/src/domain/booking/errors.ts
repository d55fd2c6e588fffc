import { Conflict, DomainError, NotFound } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';
import type { AppointmentStatus } from './status.js';

export class AppointmentNotFound extends NotFound {
  constructor() {
    super('APPOINTMENT.NOT_FOUND', errorCodes['APPOINTMENT.NOT_FOUND'].title);
  }
}

export class PatientBusy extends Conflict {
  constructor() {
    super('APPOINTMENT.PATIENT_BUSY', errorCodes['APPOINTMENT.PATIENT_BUSY'].title, {
      detail: 'One patient cannot be in two places: choose another time, or move the other appointment.',
    });
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

export class InvalidTransition extends Conflict {
  constructor(happening: string, current: AppointmentStatus) {
    super('APPOINTMENT.INVALID_TRANSITION', errorCodes['APPOINTMENT.INVALID_TRANSITION'].title, {
      detail: `An appointment that is ${current} cannot be ${happening}.`,
    });
  }
}
