/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'NOTIFICATION.NOT_FOUND': {
    status: 404,
    title: 'There is no such notification',
    when: 'the id is not known, or is about somebody whose notifications are not for the caller',
  },
  'NOTIFICATION.NOT_YOURS': {
    status: 403,
    title: 'These notifications are of somebody else',
    when: 'a patient names a patient who is neither they nor somebody for whom they act',
  },
  'NOTIFICATION.PATIENT_UNKNOWN': {
    status: 422,
    title: 'There is no such patient',
    when: 'a message is asked for to somebody whom the practice does not have, or no longer',
  },
  'NOTIFICATION.UNDER_WAY': {
    status: 409,
    title: 'It has not been decided yet',
    when: 'something is to be sent again that is still to be sent',
  },
  'NOTIFICATION.NO_LONGER_SO': {
    status: 409,
    title: 'What it said is no longer so',
    when: 'something is to be sent again that has been superseded, or whose visit has begun',
  },
  'NOTIFICATION.TEMPLATE_UNKNOWN': {
    status: 404,
    title: 'There is no such template',
    when: 'the name or the language of a template is not known',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
