import { Conflict, InvalidInput } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';
import { refusal } from '../refusal.js';
import { inZone } from '../time/time.js';
import type { Refusal } from './availability.js';
import type { FoundSlot } from './find-free-slots.js';

/** True for a refusal of a time that others have; all else is against a rule. */
export const isTaken = ({ code }: Refusal): boolean => errorCodes[code].status === 409;

/** The time went to somebody else; carries the next free ones, so that the caller can offer them at once. */
export class NotFree extends Conflict {
  constructor({ code }: Refusal, nextFreeSlots: FoundSlot[]) {
    super(code, errorCodes[code].title, {
      detail: 'Choose another time; the next free slots are in nextFreeSlots.',
      extensions: {
        // As where slots are asked for, so that one of them can be taken just so.
        nextFreeSlots: nextFreeSlots.map(
          ({ start, end, practitionerId, appointmentTypeId, placeId, zone, seatsLeft, doubt }) => ({
            start: inZone(start, zone),
            end: inZone(end, zone),
            practitionerId,
            appointmentTypeId,
            placeId,
            zone,
            seatsLeft,
            doubt,
          }),
        ),
      },
    });
  }
}

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
