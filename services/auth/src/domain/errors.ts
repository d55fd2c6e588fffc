import {
  Conflict,
  DomainError,
  InvalidInput,
  NotAllowed,
  NotAuthenticated,
  NotFound,
  Unavailable,
} from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class BadCredentials extends NotAuthenticated {
  constructor() {
    super('AUTH.BAD_CREDENTIALS', titleOf('AUTH.BAD_CREDENTIALS'));
  }
}

export class LockedOut extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('limit-reached', 'AUTH.LOCKED_OUT', titleOf('AUTH.LOCKED_OUT'), {
      retryAfterSeconds,
      detail: `Try again in ${Math.ceil(retryAfterSeconds)} seconds.`,
    });
  }
}

export class Busy extends Unavailable {
  constructor() {
    super('AUTH.BUSY', titleOf('AUTH.BUSY'), { retryAfterSeconds: 2 });
  }
}

export class RefreshMissing extends NotAuthenticated {
  constructor() {
    super('AUTH.REFRESH_MISSING', titleOf('AUTH.REFRESH_MISSING'), { detail: 'Sign in.' });
  }
}

export class RefreshInvalid extends NotAuthenticated {
  constructor() {
    super('AUTH.REFRESH_INVALID', titleOf('AUTH.REFRESH_INVALID'), { detail: 'Sign in again.' });
  }
}

export class RefreshReused extends NotAuthenticated {
  constructor() {
    super('AUTH.REFRESH_REUSED', titleOf('AUTH.REFRESH_REUSED'), {
      detail: 'Sign in again. If it was not you, change your password.',
    });
  }
}

export class ForeignOrigin extends NotAllowed {
  constructor() {
    super('AUTH.FOREIGN_ORIGIN', titleOf('AUTH.FOREIGN_ORIGIN'));
  }
}

export class NoSuchCode extends NotAuthenticated {
  constructor() {
    super('AUTH.NO_SUCH_CODE', titleOf('AUTH.NO_SUCH_CODE'), { detail: 'Ask for a new one.' });
  }
}

export class NothingToMail extends NotFound {
  constructor() {
    super('AUTH.NOTHING_TO_MAIL', titleOf('AUTH.NOTHING_TO_MAIL'));
  }
}

export class NoSuchSession extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_SESSION', titleOf('AUTH.NO_SUCH_SESSION'));
  }
}

export class NoSuchUser extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_USER', titleOf('AUTH.NO_SUCH_USER'));
  }
}

export class EmailTaken extends Conflict {
  constructor() {
    super('AUTH.EMAIL_TAKEN', titleOf('AUTH.EMAIL_TAKEN'), {
      fields: [{ path: 'email', code: 'TAKEN', message: 'is in use' }],
    });
  }
}

export class LinkTaken extends Conflict {
  constructor(path: 'patientId' | 'practitionerId') {
    super('AUTH.LINK_TAKEN', titleOf('AUTH.LINK_TAKEN'), {
      fields: [{ path, code: 'TAKEN', message: 'is linked to another user' }],
    });
  }
}

export class LastAdmin extends Conflict {
  constructor() {
    super('AUTH.LAST_ADMIN', titleOf('AUTH.LAST_ADMIN'), { detail: 'Make somebody else an admin first.' });
  }
}

export class WrongPassword extends InvalidInput {
  constructor() {
    super(
      [{ path: 'currentPassword', code: 'WRONG', message: 'is not right' }],
      'AUTH.WRONG_PASSWORD',
      titleOf('AUTH.WRONG_PASSWORD'),
    );
  }
}

export class PasswordUnsuitable extends InvalidInput {
  constructor(path: string, code: string, message: string) {
    super([{ path, code, message }], 'AUTH.PASSWORD_UNSUITABLE', titleOf('AUTH.PASSWORD_UNSUITABLE'));
  }
}
