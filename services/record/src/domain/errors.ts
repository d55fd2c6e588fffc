import { Conflict, DomainError, NotAllowed, NotFound, Unavailable } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

/** Says the same whether there is such a patient or not. */
export class NoCareRelation extends NotAllowed {
  constructor() {
    super('RECORD.NO_CARE_RELATION', titleOf('RECORD.NO_CARE_RELATION'));
  }
}

/** Says the same whether there is such a patient or not. */
export class NotYourRecord extends NotAllowed {
  constructor() {
    super('RECORD.NOT_YOUR_RECORD', titleOf('RECORD.NOT_YOUR_RECORD'));
  }
}

export class ReadOnly extends NotAllowed {
  constructor() {
    super('RECORD.READ_ONLY', titleOf('RECORD.READ_ONLY'));
  }
}

export class RecordNotFound extends NotFound {
  constructor() {
    super('RECORD.NOT_FOUND', titleOf('RECORD.NOT_FOUND'));
  }
}

export class NoSuchEntry extends NotFound {
  constructor() {
    super('RECORD.NO_SUCH_ENTRY', titleOf('RECORD.NO_SUCH_ENTRY'));
  }
}

export class AllergiesListed extends Conflict {
  constructor() {
    super('RECORD.ALLERGIES_LISTED', titleOf('RECORD.ALLERGIES_LISTED'), {
      detail: 'Mark the allergies that are wrong as refuted or entered in error first.',
    });
  }
}

export class NotStated extends Conflict {
  constructor() {
    super('RECORD.NOT_STATED', titleOf('RECORD.NOT_STATED'));
  }
}

export class EnteredInError extends Conflict {
  constructor() {
    super('RECORD.ENTERED_IN_ERROR', titleOf('RECORD.ENTERED_IN_ERROR'), { detail: 'Make a new entry.' });
  }
}

export class RecordErased extends DomainError {
  constructor() {
    super('gone', 'RECORD.ERASED', titleOf('RECORD.ERASED'));
  }
}

export class RecordBusy extends Unavailable {
  constructor() {
    super('RECORD.BUSY', titleOf('RECORD.BUSY'), { retryAfterSeconds: 1, detail: 'Nothing was changed.' });
  }
}
