import { Conflict, DomainError, InvalidInput, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';
import { holdRules, type LegalHold } from './legal-hold.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class PatientNotFound extends NotFound {
  constructor() {
    super('PATIENT.NOT_FOUND', titleOf('PATIENT.NOT_FOUND'));
  }
}

export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'PATIENT.ERASED', titleOf('PATIENT.ERASED'));
  }
}

export class PatientMerged extends Conflict {
  constructor(mergedInto: string) {
    super('PATIENT.MERGED', titleOf('PATIENT.MERGED'), {
      detail: 'Change the patient named by mergedInto instead.',
      extensions: { mergedInto },
    });
  }
}

/** A refusal that cites its rule. */
export class PatientHeld extends Conflict {
  constructor({ reason, until }: LegalHold) {
    super('PATIENT.HELD', titleOf('PATIENT.HELD'), {
      detail: `${holdRules[reason]}. It holds until ${until.toISOString()}.`,
      extensions: { reason, until: until.toISOString() },
    });
  }
}

export class NoLegalHold extends NotFound {
  constructor() {
    super('PATIENT.NOT_HELD', titleOf('PATIENT.NOT_HELD'));
  }
}

export class IdentifierTaken extends Conflict {
  /** @param path the identifier in the request: `identifiers[0]` */
  constructor(path: string, patientId: string) {
    super('PATIENT.IDENTIFIER_TAKEN', titleOf('PATIENT.IDENTIFIER_TAKEN'), {
      detail: 'Open the patient named by patientId; if both are the same person, merge them.',
      fields: [{ path, code: 'TAKEN', message: 'is the identifier of another patient' }],
      extensions: { patientId },
    });
  }
}

/** A question, not a refusal for ever: the caller looks at the patients named, and may then say "register anyway". */
export class PossibleDuplicate extends Conflict {
  constructor(patientIds: string[]) {
    super('PATIENT.POSSIBLE_DUPLICATE', titleOf('PATIENT.POSSIBLE_DUPLICATE'), {
      detail:
        'Compare with the patients in possibleDuplicates; if none is the same person, send it again with ?acceptDuplicate=true.',
      extensions: { possibleDuplicates: patientIds },
    });
  }
}

export class MergeContradiction extends Conflict {
  constructor(system: string) {
    super('PATIENT.MERGE_CONTRADICTION', titleOf('PATIENT.MERGE_CONTRADICTION'), {
      detail: `Each has an identifier of the system ${system}, and they differ. Correct the wrong one first.`,
    });
  }
}

export class NotAMergeTarget extends Conflict {
  constructor(mergedInto?: string) {
    super('PATIENT.MERGE_TARGET', titleOf('PATIENT.MERGE_TARGET'), {
      detail: mergedInto
        ? 'Merge into the patient named by mergedInto instead.'
        : 'Merge into a patient who is active and has not been merged.',
      extensions: mergedInto ? { mergedInto } : {},
    });
  }
}

/** Nothing is left out in silence: the practice says what is no longer needed. */
export class TooMuchToMerge extends Conflict {
  constructor(paths: string[], max: number) {
    super('PATIENT.MERGE_TOO_MUCH', titleOf('PATIENT.MERGE_TOO_MUCH'), {
      detail: 'Take out what is no longer in use first.',
      fields: paths.map((path) => ({ path, code: 'TOO_MANY', message: `has more than ${max} together` })),
    });
  }
}

export class IdentifierInAddress extends InvalidInput {
  constructor(path: string) {
    super(
      [{ path, code: 'IDENTIFIER_IN_ADDRESS', message: 'looks like an identifier; use POST /api/patients/search' }],
      'PATIENT.IDENTIFIER_IN_ADDRESS',
      titleOf('PATIENT.IDENTIFIER_IN_ADDRESS'),
    );
  }
}

export class ContactInAddress extends InvalidInput {
  constructor(path: string) {
    const message = 'looks like a telephone number or an e-mail address; use POST /api/patients/search';
    super(
      [{ path, code: 'CONTACT_IN_ADDRESS', message }],
      'PATIENT.CONTACT_IN_ADDRESS',
      titleOf('PATIENT.CONTACT_IN_ADDRESS'),
    );
  }
}

export class PatientInactive extends Conflict {
  constructor() {
    super('PATIENT.INACTIVE', titleOf('PATIENT.INACTIVE'));
  }
}

export class NoSuchRelatedPerson extends NotFound {
  constructor() {
    super('PATIENT.NO_SUCH_RELATED_PERSON', titleOf('PATIENT.NO_SUCH_RELATED_PERSON'));
  }
}

export class RelatedAlready extends Conflict {
  constructor() {
    super('PATIENT.RELATED_ALREADY', titleOf('PATIENT.RELATED_ALREADY'), { detail: 'Change what there is.' });
  }
}

export class TooManyRelated extends Conflict {
  constructor(max: number) {
    super('PATIENT.TOO_MANY_RELATED', titleOf('PATIENT.TOO_MANY_RELATED'), {
      detail: `${max} at most. End what is no longer needed first.`,
    });
  }
}

export class RelatedToYourself extends NotAllowed {
  constructor() {
    super('PATIENT.RELATED_TO_YOURSELF', titleOf('PATIENT.RELATED_TO_YOURSELF'), {
      detail: 'Ask a colleague to look at what shows it and enter it. To act for them no longer is yours to say.',
    });
  }
}

export class NoSuchLabel extends NotFound {
  constructor() {
    super('PATIENT.NO_SUCH_LABEL', titleOf('PATIENT.NO_SUCH_LABEL'));
  }
}

export class NoSuchUnusualAccess extends NotFound {
  constructor() {
    super('PATIENT.NO_SUCH_UNUSUAL_ACCESS', titleOf('PATIENT.NO_SUCH_UNUSUAL_ACCESS'));
  }
}

export class OwnAccess extends NotAllowed {
  constructor() {
    super('PATIENT.OWN_ACCESS', titleOf('PATIENT.OWN_ACCESS'));
  }
}

export class AccessJudgedAlready extends Conflict {
  constructor() {
    super('PATIENT.ACCESS_JUDGED_ALREADY', titleOf('PATIENT.ACCESS_JUDGED_ALREADY'));
  }
}

export class NotYourData extends NotAllowed {
  constructor() {
    super('ACCESS.NOT_YOUR_DATA', titleOf('ACCESS.NOT_YOUR_DATA'));
  }
}

export class NotYourField extends NotAllowed {
  constructor(paths: string[]) {
    super('ACCESS.NOT_YOUR_FIELD', titleOf('ACCESS.NOT_YOUR_FIELD'), {
      detail: 'Ask the practice to change the rest.',
      fields: paths.map((path) => ({ path, code: 'NOT_YOUR_FIELD', message: 'is changed by the practice' })),
    });
  }
}
