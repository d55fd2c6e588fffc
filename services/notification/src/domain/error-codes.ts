/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'NOTIFICATION.NOT_FOUND': {
    status: 404,
    title: 'There is no such notification',
    when: 'the id is not known, or is that of another patient',
  },
  'NOTIFICATION.NOT_YOURS': {
    status: 403,
    title: 'You may only see and record your own notifications',
    when: 'a patient names another patient',
  },
  'NOTIFICATION.PATIENT_ERASED': {
    status: 410,
    title: 'The data of this patient was erased',
    when: 'something is to be recorded for a patient who was erased',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
