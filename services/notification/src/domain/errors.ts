import { DomainError, NotAllowed, NotFound } from '@cabinet/kit/errors';
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

export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'NOTIFICATION.PATIENT_ERASED', titleOf('NOTIFICATION.PATIENT_ERASED'));
  }
}
