import { Conflict, DomainError, InvalidInput, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class NotificationNotFound extends NotFound {
  constructor() {
    super('NOTIFICATION.NOT_FOUND', titleOf('NOTIFICATION.NOT_FOUND'));
  }
}

export class NotYours extends NotAllowed {
  constructor() {
    super('NOTIFICATION.NOT_YOURS', titleOf('NOTIFICATION.NOT_YOURS'));
  }
}

export class PatientUnknown extends InvalidInput {
  constructor(path: string) {
    const title = titleOf('NOTIFICATION.PATIENT_UNKNOWN');
    super([{ path, code: 'UNKNOWN', message: 'is no patient of the practice' }], 'NOTIFICATION.PATIENT_UNKNOWN', title);
  }
}

export class UnderWay extends Conflict {
  constructor() {
    super('NOTIFICATION.UNDER_WAY', titleOf('NOTIFICATION.UNDER_WAY'));
  }
}

export class NoLongerSo extends Conflict {
  constructor() {
    super('NOTIFICATION.NO_LONGER_SO', titleOf('NOTIFICATION.NO_LONGER_SO'));
  }
}

export class TemplateUnknown extends NotFound {
  constructor() {
    super('NOTIFICATION.TEMPLATE_UNKNOWN', titleOf('NOTIFICATION.TEMPLATE_UNKNOWN'));
  }
}

export class PushOff extends Conflict {
  constructor() {
    super('NOTIFICATION.PUSH_OFF', titleOf('NOTIFICATION.PUSH_OFF'));
  }
}

export class SubscriptionNotFound extends NotFound {
  constructor() {
    super('NOTIFICATION.SUBSCRIPTION_NOT_FOUND', titleOf('NOTIFICATION.SUBSCRIPTION_NOT_FOUND'));
  }
}

export class WebhookNotFound extends NotFound {
  constructor() {
    super('NOTIFICATION.WEBHOOK_NOT_FOUND', titleOf('NOTIFICATION.WEBHOOK_NOT_FOUND'));
  }
}

export class DeliveryNotFound extends NotFound {
  constructor() {
    super('NOTIFICATION.DELIVERY_NOT_FOUND', titleOf('NOTIFICATION.DELIVERY_NOT_FOUND'));
  }
}

export class WebhookDisabled extends Conflict {
  constructor() {
    super('NOTIFICATION.WEBHOOK_DISABLED', titleOf('NOTIFICATION.WEBHOOK_DISABLED'));
  }
}

export class TooManyWebhooks extends Conflict {
  constructor() {
    super('NOTIFICATION.TOO_MANY_WEBHOOKS', titleOf('NOTIFICATION.TOO_MANY_WEBHOOKS'));
  }
}

export class NotFromProvider extends NotAllowed {
  constructor() {
    super('NOTIFICATION.NOT_FROM_PROVIDER', titleOf('NOTIFICATION.NOT_FROM_PROVIDER'));
  }
}

export class MarkNotFound extends NotFound {
  constructor() {
    super('NOTIFICATION.MARK_NOT_FOUND', titleOf('NOTIFICATION.MARK_NOT_FOUND'));
  }
}

export class LinkUnknown extends NotFound {
  constructor() {
    super('NOTIFICATION.LINK_UNKNOWN', titleOf('NOTIFICATION.LINK_UNKNOWN'));
  }
}

export class BodyNotTaken extends DomainError {
  constructor(types: readonly string[]) {
    super('unsupported-media-type', 'NOTIFICATION.BODY_NOT_TAKEN', titleOf('NOTIFICATION.BODY_NOT_TAKEN'), {
      detail: `Send it with Content-Type: ${types.join(' or ')}.`,
    });
  }
}
