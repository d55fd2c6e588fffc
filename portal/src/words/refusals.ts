import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Why a time is not offered, to staff. */
export const reasonWords: Record<string, MessageDescriptor> = {
  'APPOINTMENT.IN_A_BREAK': msg`The practitioner has a break then.`,
  'APPOINTMENT.OTHER_HOURS_THAT_DAY': msg`The practitioner has other hours on that day.`,
  'APPOINTMENT.PUBLIC_HOLIDAY': msg`That day is a public holiday.`,
  'APPOINTMENT.PRACTITIONER_ABSENT': msg`The practitioner is absent then.`,
  'APPOINTMENT.HOURS_OF_OTHER_TYPES': msg`These hours are for other kinds of visit.`,
  'APPOINTMENT.IN_THE_PAST': msg`That time has passed.`,
  'APPOINTMENT.NOTICE_TOO_SHORT': msg`It is too late to book that time.`,
  'APPOINTMENT.BEYOND_HORIZON': msg`It is too early to book that time.`,
  'APPOINTMENT.STAFF_ONLY': msg`This kind of visit is booked by the practice alone.`,
  'APPOINTMENT.OUTSIDE_WORKING_HOURS': msg`The practitioner does not receive then.`,
  'APPOINTMENT.NOT_A_SLOT': msg`No visit of this kind begins at that time.`,
  'APPOINTMENT.SLOT_TAKEN': msg`Somebody else has that time.`,
  'APPOINTMENT.TOO_CLOSE': msg`It is too close to another appointment.`,
  'APPOINTMENT.GROUP_FULL': msg`The group is full.`,
  'APPOINTMENT.DAY_FULL': msg`There are no more visits of this kind on that day.`,
  'APPOINTMENT.RESOURCE_TAKEN': msg`A room or device that is needed is taken.`,
  'APPOINTMENT.PATIENT_BUSY': msg`The patient has another appointment then.`,
  'APPOINTMENT.TIME_SKIPPED': msg`The clocks skip that time.`,
  'APPOINTMENT.BUSY_ELSEWHERE': msg`The practitioner is busy in another calendar then.`,
  'APPOINTMENT.CALENDAR_STALE': msg`It is not known whether the practitioner is free then.`,
};
