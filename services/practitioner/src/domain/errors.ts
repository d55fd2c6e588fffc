import { Conflict, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class PractitionerNotFound extends NotFound {
  constructor() {
    super('PRACTITIONER.NOT_FOUND', titleOf('PRACTITIONER.NOT_FOUND'));
  }
}

export class RppsTaken extends Conflict {
  constructor(practitionerId: string) {
    super('PRACTITIONER.RPPS_TAKEN', titleOf('PRACTITIONER.RPPS_TAKEN'), {
      fields: [{ path: 'rpps', code: 'TAKEN', message: 'is the number of another practitioner' }],
      extensions: { practitionerId },
    });
  }
}

/** A question, not a refusal for ever: the caller compares, and may then say "register anyway". */
export class PossibleDuplicate extends Conflict {
  constructor(practitionerIds: string[]) {
    super('PRACTITIONER.POSSIBLE_DUPLICATE', titleOf('PRACTITIONER.POSSIBLE_DUPLICATE'), {
      detail:
        'Compare with those in possibleDuplicates; if none is the same person, send it again with ?acceptDuplicate=true.',
      extensions: { possibleDuplicates: practitionerIds },
    });
  }
}

export class NotYours extends NotAllowed {
  constructor(paths: string[] = []) {
    super('PRACTITIONER.NOT_YOURS', titleOf('PRACTITIONER.NOT_YOURS'), {
      fields: paths.map((path) => ({ path, code: 'NOT_YOURS', message: 'is changed by the practice' })),
    });
  }
}
