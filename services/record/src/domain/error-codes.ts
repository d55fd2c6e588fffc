/** Every refusal that this service can answer with, beside those all services share. */
export const errorCodes = {
  'RECORD.NO_CARE_RELATION': {
    status: 403,
    title: 'You have and had no appointment with this patient',
    when: 'A practitioner asks for the record of a patient they neither see nor saw.',
  },
  'RECORD.NOT_YOUR_RECORD': {
    status: 403,
    title: 'You may only read your own record, or that of somebody whom you act for',
    when: 'A patient asks for the record of somebody else for whom they do not act, or no longer: what is medical becomes a minor’s own at an age.',
  },
  'RECORD.READ_ONLY': {
    status: 403,
    title: 'Only a practitioner writes in a record',
    when: 'A patient tries to write in their own record.',
  },
  'RECORD.GRANT_TO_YOURSELF': {
    status: 403,
    title: 'You cannot let yourself into a record',
    when: 'A secretary who is the practitioner as well gives a grant at the word of the patient. Let the patient or a colleague do it.',
  },
  'RECORD.NOT_FOR_GUARDIANS': {
    status: 403,
    title: 'That is not for a guardian to say',
    when: 'A guardian gives a grant that is to be kept from guardians: the minor does, or a secretary at their word. A practitioner who is a guardian of the patient states that no allergy is known, or withdraws that.',
  },
  'RECORD.OWN_EMERGENCY': {
    status: 403,
    title: 'You cannot judge your own emergency access, nor one to the record of your child',
    when: 'A reviewer gives a verdict on what they opened themselves, or on who opened the record of a minor whose guardian they are.',
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
  'RECORD.NO_SUCH_GRANT': {
    status: 404,
    title: 'There is no such grant for this record',
    when: 'The id names no grant of this patient.',
  },
  'RECORD.NO_SUCH_EMERGENCY': {
    status: 404,
    title: 'There is no such emergency access to this record',
    when: 'The id names no emergency access to the record of this patient.',
  },
  'RECORD.TOO_MANY_GRANTS': {
    status: 409,
    title: 'You let in as many practitioners as one can',
    when: 'A patient lets a further practitioner in while twenty have a grant. Take one back first.',
  },
  'RECORD.OPEN_TO_YOU': {
    status: 409,
    title: 'This record is open to you without an emergency',
    when: 'A practitioner who treats the patient, or whom the patient lets in, says that it is an emergency.',
  },
  'RECORD.EMERGENCY_OPEN': {
    status: 409,
    title: 'Your emergency access to this record is still open',
    when: 'A practitioner opens a record again before the two hours of an emergency are over.',
  },
  'RECORD.ALREADY_JUDGED': {
    status: 409,
    title: 'There is a verdict on this emergency access',
    when: 'A second verdict on one emergency access.',
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
  'RECORD.TOO_MANY_EMERGENCIES': {
    status: 429,
    title: 'You opened too many records in an emergency',
    when: 'A practitioner opens a sixth record within 24 hours while the five before have not been found justified. An administrator of the practice gives verdicts.',
  },
  'RECORD.BUSY': {
    status: 503,
    title: 'The record is being changed by others',
    when: 'Many writes to one record at once, or its patient is being merged with another. Try again.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
