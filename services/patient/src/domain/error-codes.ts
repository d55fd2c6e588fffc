/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'PATIENT.NOT_FOUND': { status: 404, title: 'There is no such patient', when: 'the id is not known' },
  'PATIENT.ERASED': {
    status: 410,
    title: 'The data of this patient has been erased',
    when: 'the patient was erased; the id is never used again',
  },
  'PATIENT.MERGED': {
    status: 409,
    title: 'This patient has been merged into another',
    when: 'a merged patient is changed; `mergedInto` names the one to change instead',
  },
  'PATIENT.HELD': {
    status: 409,
    title: 'The data of this patient must be kept for now',
    when: 'a patient with a legal hold is to be erased; `detail` cites the rule, `reason` is its code, and `until` says how long',
  },
  'PATIENT.NOT_HELD': {
    status: 404,
    title: 'Nothing stands in the way of erasing this patient',
    when: 'a legal hold is to be ended and there is none',
  },
  'PATIENT.IDENTIFIER_TAKEN': {
    status: 409,
    title: 'Another patient has this identifier',
    when: 'an identifier is already that of the patient named by `patientId`',
  },
  'PATIENT.POSSIBLE_DUPLICATE': {
    status: 409,
    title: 'This may be a patient who is already registered',
    when: 'a patient with the same birth date and a similar name exists; `possibleDuplicates` has the ids',
  },
  'PATIENT.MERGE_CONTRADICTION': {
    status: 409,
    title: 'These are not the same person as far as their identifiers tell',
    when: 'two patients with different identifiers of one kind are to be merged',
  },
  'PATIENT.MERGE_TARGET': {
    status: 409,
    title: 'Nobody can be merged into this patient',
    when: 'the patient to merge into is inactive, erased or merged already; `mergedInto` names the one it was merged into',
  },
  'PATIENT.MERGE_TOO_MUCH': {
    status: 409,
    title: 'Two patients have more together than one can have',
    when: 'a merge would bring together more than 50 identifiers, contact points or contacts, or have more than 20 act for one or one for more than 20; `fields` names which',
  },
  'PATIENT.INACTIVE': {
    status: 409,
    title: 'The practice no longer sees this patient',
    when: 'somebody is to act for a patient who is out of use; take them back first',
  },
  'PATIENT.NO_SUCH_RELATED_PERSON': {
    status: 404,
    title: 'Nobody acts for the patient under this id',
    when: 'the related person is not known, is of another patient, or acts no longer',
  },
  'PATIENT.RELATED_ALREADY': {
    status: 409,
    title: 'This person acts for the patient already',
    when: 'a guardian or carer is given once more',
  },
  'PATIENT.TOO_MANY_RELATED': {
    status: 409,
    title: 'Nobody acts for more than twenty, and no more than twenty for one',
    when: 'one more is to act for the patient, or the person for one more',
  },
  'PATIENT.RELATED_TO_YOURSELF': {
    status: 403,
    title: 'Nobody lets themself act for a patient',
    when: 'a secretary names themself as guardian or carer, or widens or prolongs what they may do as one',
  },
  'PATIENT.CONTACT_IN_ADDRESS': {
    status: 422,
    title: 'Telephone numbers and e-mail addresses must not stand in an address',
    when: 'a query string holds what looks like one; addresses end up in histories and logs',
  },
  'PATIENT.IDENTIFIER_IN_ADDRESS': {
    status: 422,
    title: 'Identifiers must not stand in an address',
    when: 'a query string holds what looks like a NIR; addresses end up in histories and logs',
  },
  'PATIENT.NO_SUCH_LABEL': {
    status: 404,
    title: 'The patient has no such mark',
    when: 'a security label is to be removed and there is none',
  },
  'PATIENT.NO_SUCH_UNUSUAL_ACCESS': {
    status: 404,
    title: 'There is no such access to review',
    when: 'the id is not known, or is of one that is not in the sample',
  },
  'PATIENT.OWN_ACCESS': {
    status: 403,
    title: 'Nobody reviews what they saw themselves, or what was seen of them',
    when: 'a reviewer judges an access of theirs, in whichever account, or one to their own data or those of a minor whose guardian they are',
  },
  'PATIENT.ACCESS_JUDGED_ALREADY': {
    status: 409,
    title: 'This access has been judged already',
    when: 'a verdict is given where there is another; it stays as it is',
  },
  'ACCESS.NOT_YOUR_DATA': {
    status: 403,
    title: 'You may only see your own data',
    when: 'a patient asks for another id, whether it exists or not',
  },
  'ACCESS.NOT_YOUR_FIELD': {
    status: 403,
    title: 'You may only change how you can be reached',
    when: 'somebody changes more than telecom, address and contacts of their own or of whom they act for, whatever else they are here, or who is a guardian',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
