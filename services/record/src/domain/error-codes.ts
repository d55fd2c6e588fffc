/** Every refusal that this service can answer with, beside those all services share. */
export const errorCodes = {
  'RECORD.NO_CARE_RELATION': {
    status: 403,
    title: 'You have and had no appointment with this patient',
    when: 'A practitioner asks for the record of a patient they neither see nor saw.',
  },
  'RECORD.NOT_YOUR_RECORD': {
    status: 403,
    title: 'You may only read your own record',
    when: 'A patient asks for the record of somebody else.',
  },
  'RECORD.READ_ONLY': {
    status: 403,
    title: 'Only a practitioner writes in a record',
    when: 'A patient tries to write in their own record.',
  },
  'RECORD.NOT_FOUND': {
    status: 404,
    title: 'There is no record of this patient',
    when: 'The patient is unknown, or was registered a moment ago and their record is not open yet.',
  },
  'RECORD.NO_SUCH_ENTRY': {
    status: 404,
    title: 'There is no such entry in this record',
    when: 'The id names no entry of this kind in this record.',
  },
  'RECORD.ALLERGIES_LISTED': {
    status: 409,
    title: 'The record lists allergies',
    when: 'Stating that no allergy is known while allergies are listed. Amend those that are wrong first.',
  },
  'RECORD.NOT_STATED': {
    status: 409,
    title: 'It is not stated that no allergy is known',
    when: 'Withdrawing a statement that does not stand.',
  },
  'RECORD.ENTERED_IN_ERROR': {
    status: 409,
    title: 'This entry was entered in error',
    when: 'Amending an entry that has been marked as entered in error. Make a new one.',
  },
  'RECORD.ERASED': {
    status: 410,
    title: 'This record has been erased',
    when: 'The patient was erased.',
  },
  'RECORD.BUSY': {
    status: 503,
    title: 'The record is being changed by others',
    when: 'Many writes to one record at once, or its patient is being merged with another. Try again.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
