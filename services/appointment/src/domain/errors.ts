import { Conflict, InvalidInput, NotFound } from '@cabinet/kit';
import type { AppointmentStatus, Happening } from './appointment.js';
import { type ErrorCode, errorCodes } from './error-codes.js';
import type { Slot } from './free-slots.js';
import { inZone } from './time.js';

export class AppointmentNotFound extends NotFound {
  constructor() {
    super('APPOINTMENT.NOT_FOUND', errorCodes['APPOINTMENT.NOT_FOUND'].title);
  }
}

/** The slot went to somebody else; carries the next free ones, so that the caller can offer them at once. */
export class SlotTaken extends Conflict {
  constructor(nextFreeSlots: Slot[]) {
    super('APPOINTMENT.SLOT_TAKEN', errorCodes['APPOINTMENT.SLOT_TAKEN'].title, {
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

export class InvalidTransition extends Conflict {
  constructor(happening: Happening, current: AppointmentStatus) {
    super('APPOINTMENT.INVALID_TRANSITION', errorCodes['APPOINTMENT.INVALID_TRANSITION'].title, {
      detail: `An appointment that is ${current} cannot be ${happening}.`,
    });
  }
}

/** A refusal of one field under a code of this service. */
export const refusal = (code: ErrorCode, path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], code, errorCodes[code].title);
