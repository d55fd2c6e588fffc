import { Conflict, InvalidInput, NotAllowed, NotFound } from '@cabinet/kit/errors';
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
