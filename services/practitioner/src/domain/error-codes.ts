/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'PRACTITIONER.NOT_FOUND': { status: 404, title: 'There is no such practitioner', when: 'the id is not known' },
  'PRACTITIONER.RPPS_TAKEN': {
    status: 409,
    title: 'Another practitioner has this RPPS number',
    when: 'the RPPS number is already that of the practitioner named by `practitionerId`',
  },
  'PRACTITIONER.POSSIBLE_DUPLICATE': {
    status: 409,
    title: 'This may be a practitioner who is already registered',
    when: 'one of the same name exists and no RPPS number tells them apart; `possibleDuplicates` has the ids',
  },
  'PRACTITIONER.NOT_YOURS': {
    status: 403,
    title: 'You may only change your own places, appointment types and contact points',
    when: 'a practitioner changes somebody else, or more than that',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
