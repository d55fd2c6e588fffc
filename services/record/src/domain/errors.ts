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
  /** @param detail why it is not any more */
  constructor(detail?: string) {
    super('RECORD.NOT_YOUR_RECORD', titleOf('RECORD.NOT_YOUR_RECORD'), { detail });
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

export class GrantToYourself extends NotAllowed {
  constructor() {
    super('RECORD.GRANT_TO_YOURSELF', titleOf('RECORD.GRANT_TO_YOURSELF'));
  }
}

export class NotForGuardians extends NotAllowed {
  constructor() {
    super('RECORD.NOT_FOR_GUARDIANS', titleOf('RECORD.NOT_FOR_GUARDIANS'));
  }
}

export class NoSuchGrant extends NotFound {
  constructor() {
    super('RECORD.NO_SUCH_GRANT', titleOf('RECORD.NO_SUCH_GRANT'));
  }
}

export class TooManyGrants extends Conflict {
  constructor() {
    super('RECORD.TOO_MANY_GRANTS', titleOf('RECORD.TOO_MANY_GRANTS'), { detail: 'Take a grant back first.' });
  }
}

export class OpenToYou extends Conflict {
  constructor() {
    super('RECORD.OPEN_TO_YOU', titleOf('RECORD.OPEN_TO_YOU'));
  }
}

export class EmergencyOpen extends Conflict {
  constructor(until: Date) {
    super('RECORD.EMERGENCY_OPEN', titleOf('RECORD.EMERGENCY_OPEN'), { extensions: { until: until.toISOString() } });
  }
}

export class TooManyEmergencies extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('limit-reached', 'RECORD.TOO_MANY_EMERGENCIES', titleOf('RECORD.TOO_MANY_EMERGENCIES'), {
      detail: 'Call an administrator of the practice: with each that they find justified, you may open one more.',
      retryAfterSeconds,
    });
  }
}

export class NoSuchEmergency extends NotFound {
  constructor() {
    super('RECORD.NO_SUCH_EMERGENCY', titleOf('RECORD.NO_SUCH_EMERGENCY'));
  }
}

export class OwnEmergency extends NotAllowed {
  constructor() {
    super('RECORD.OWN_EMERGENCY', titleOf('RECORD.OWN_EMERGENCY'));
  }
}

export class AlreadyJudged extends Conflict {
  constructor() {
    super('RECORD.ALREADY_JUDGED', titleOf('RECORD.ALREADY_JUDGED'));
  }
}
