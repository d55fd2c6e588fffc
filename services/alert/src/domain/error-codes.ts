/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'ALERT.NOT_FOUND': {
    status: 404,
    title: 'There is no such alert',
    when: 'the id is not known, or is that of an alert which you do not watch over',
  },
  'ALERT.OVER': { status: 409, title: 'The alert is over', when: 'it has cleared, was taken back, or came too late' },
  'ALERT.SNOOZE_TOO_LONG': {
    status: 422,
    title: 'The alert cannot be snoozed for so long',
    when: 'it is longer than its rule allows',
  },
  'ALERT.NOBODY_REACHABLE': {
    status: 422,
    title: 'A step reaches nobody',
    when: 'none of those whom a step names works here and has an address',
  },
  'ALERT_RULE.NOT_FOUND': {
    status: 404,
    title: 'There is no such rule',
    when: 'the id is not known, or is that of a rule of another patient',
  },
  'ALERT_RULE.INVALID': { status: 422, title: 'The rule cannot be run', when: 'its document breaks the schema' },
  'ALERT_RULE.NOT_TESTED': {
    status: 409,
    title: 'This version was not tested on stored readings',
    when: 'no back-test of it ran in the last day, and nobody signed for it',
  },
  'ALERT_RULE.OVER_BUDGET': {
    status: 409,
    title: 'The rule would ring more often than the practice allows',
    when: 'the back-test is over the budget, and nobody signed for it',
  },
  'ALERT_RULE.GAP_STAYS': {
    status: 409,
    title: 'An alarm for missing readings is re-timed, and never switched off',
    when: 'it is disabled, silenced, or made into something else',
  },
  'ALERT_RULE.NO_GAP': { status: 409, title: 'The rule watches no gap', when: 'something else than a gap is re-timed' },
  'BACK_TEST.TOO_MUCH': {
    status: 422,
    title: 'There are too many readings for one back-test',
    when: 'fewer days or one patient are needed',
  },
  'SILENCE.NOT_FOUND': { status: 404, title: 'There is no such silence', when: 'the id is not known' },
  'SILENCE.INVALID': {
    status: 422,
    title: 'There can be no such silence',
    when: 'it names neither a patient nor a rule, has ended, or is too long',
  },
  'QUESTION.NOT_FOUND': {
    status: 404,
    title: 'There is no such question',
    when: 'the id is not known, or it is not for you to answer',
  },
  'ALERT.FOLLOWED_TOO_OFTEN': {
    status: 429,
    title: 'You follow alerts in enough places already',
    when: 'somebody follows in eight places',
  },
  'ALERT.TOO_MANY_FOLLOWERS': {
    status: 503,
    title: 'Too many follow alerts here',
    when: 'so many follow that this instance takes no more, or it is about to end',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
