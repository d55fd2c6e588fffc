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
  'NOTIFICATION.PUSH_OFF': {
    status: 409,
    title: 'This practice pushes nothing to browsers',
    when: 'a browser subscribes where no key is set up to push by',
  },
  'NOTIFICATION.SUBSCRIPTION_NOT_FOUND': {
    status: 404,
    title: 'There is no such subscription',
    when: 'the id is not known, or is of a browser of somebody else',
  },
  'NOTIFICATION.WEBHOOK_NOT_FOUND': {
    status: 404,
    title: 'There is no such webhook',
    when: 'the id is not known, or the webhook was removed',
  },
  'NOTIFICATION.DELIVERY_NOT_FOUND': {
    status: 404,
    title: 'There is no such delivery',
    when: 'the id is not known of this webhook, or the delivery is longer ago than they are kept',
  },
  'NOTIFICATION.WEBHOOK_DISABLED': {
    status: 409,
    title: 'The webhook is disabled',
    when: 'something is to be told again to a webhook that wants nothing: enable it first',
  },
  'NOTIFICATION.TOO_MANY_WEBHOOKS': {
    status: 409,
    title: 'There are too many webhooks',
    when: 'one more is made than twenty',
  },
  'NOTIFICATION.NOT_FROM_PROVIDER': {
    status: 403,
    title: 'This is not from the provider',
    when: 'a receipt has no signature, or one that the provider did not make, or comes to another address than it was given',
  },
  'NOTIFICATION.MARK_NOT_FOUND': {
    status: 404,
    title: 'There is no such mark on an address',
    when: 'the id is not known, or somebody has said already that the address works',
  },
  'NOTIFICATION.LINK_UNKNOWN': {
    status: 404,
    title: 'This link leads nowhere',
    when: 'a link to unsubscribe by is none that was sent, or was changed',
  },
  'NOTIFICATION.BODY_NOT_TAKEN': {
    status: 415,
    title: 'The body is of another kind',
    when: 'a provider, or a mail client that unsubscribes, sends something else than it is documented to send',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
