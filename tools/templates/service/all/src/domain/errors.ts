import { DomainError, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class SomeThingNotFound extends NotFound {
  constructor() {
    super('SOME_THING.NOT_FOUND', titleOf('SOME_THING.NOT_FOUND'));
  }
}

export class NotYours extends NotAllowed {
  constructor() {
    super('SOME_THING.NOT_YOURS', titleOf('SOME_THING.NOT_YOURS'));
  }
}

export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'SOME_THING.PATIENT_ERASED', titleOf('SOME_THING.PATIENT_ERASED'));
  }
}
