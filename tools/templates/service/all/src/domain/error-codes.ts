/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'SOME_THING.NOT_FOUND': {
    status: 404,
    title: 'There is no such some thing',
    when: 'the id is not known, or is that of another patient',
  },
  'SOME_THING.NOT_YOURS': {
    status: 403,
    title: 'You may only see and record your own some things',
    when: 'a patient names another patient',
  },
  'SOME_THING.PATIENT_ERASED': {
    status: 410,
    title: 'The data of this patient was erased',
    when: 'something is to be recorded for a patient who was erased',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
