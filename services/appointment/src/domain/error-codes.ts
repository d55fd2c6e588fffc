/** Every refusal that this service can answer with, beside those all services share. */
export const errorCodes = {
  'APPOINTMENT.NOT_FOUND': { status: 404, title: 'There is no such appointment' },
  'APPOINTMENT.SLOT_TAKEN': { status: 409, title: 'Somebody else has taken this slot' },
  'APPOINTMENT.PATIENT_BUSY': { status: 409, title: 'The patient has another appointment at that time' },
  'APPOINTMENT.INVALID_TRANSITION': { status: 409, title: 'This cannot be done to an appointment in its status' },
  'APPOINTMENT.OUTSIDE_WORKING_HOURS': { status: 422, title: 'The practitioner does not receive at that time' },
  'APPOINTMENT.NOT_A_SLOT': { status: 422, title: 'No slot starts at that time' },
  'APPOINTMENT.IN_THE_PAST': { status: 422, title: 'That time has passed' },
  'APPOINTMENT.PATIENT_UNKNOWN': { status: 422, title: 'There is no such patient' },
  'APPOINTMENT.PATIENT_INACTIVE': { status: 422, title: 'The patient is no longer active' },
  'APPOINTMENT.PRACTITIONER_UNKNOWN': { status: 422, title: 'There is no such practitioner' },
  'APPOINTMENT.PRACTITIONER_INACTIVE': { status: 422, title: 'The practitioner no longer receives' },
  'APPOINTMENT.TYPE_UNKNOWN': { status: 422, title: 'The practitioner has no such appointment type' },
  'SCHEDULE.INVALID_HOURS': { status: 422, title: 'These working hours cannot be kept' },
  'SLOT.RANGE_TOO_LONG': { status: 422, title: 'The range of dates is too long' },
} as const;

export type ErrorCode = keyof typeof errorCodes;
