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

export const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class BadCredentials extends NotAuthenticated {
  constructor() {
    super('AUTH.BAD_CREDENTIALS', titleOf('AUTH.BAD_CREDENTIALS'));
  }
}

export class SecondFactorNeeded extends NotAuthenticated {
  constructor() {
    super('AUTH.SECOND_FACTOR_NEEDED', titleOf('AUTH.SECOND_FACTOR_NEEDED'), {
      detail: 'Send the code of your app or a recovery code along, or sign in by passkey.',
    });
  }
}

export class BadSecondFactor extends NotAuthenticated {
  constructor() {
    super('AUTH.BAD_SECOND_FACTOR', titleOf('AUTH.BAD_SECOND_FACTOR'));
  }
}

export class AppNotKnown extends NotAuthenticated {
  constructor() {
    super('AUTH.APP_NOT_KNOWN', titleOf('AUTH.APP_NOT_KNOWN'), {
      detail: 'Sign in by passkey, or have an administrator remove your second factors, and set up the app anew.',
    });
  }
}

export class BadPasskey extends NotAuthenticated {
  constructor(cause?: unknown) {
    super('AUTH.BAD_PASSKEY', titleOf('AUTH.BAD_PASSKEY'), { cause });
  }
}

export class PasskeyRefused extends InvalidInput {
  constructor(cause?: unknown) {
    super(
      [{ path: 'created', code: 'INVALID', message: 'is not what was asked for' }],
      'AUTH.PASSKEY_REFUSED',
      titleOf('AUTH.PASSKEY_REFUSED'),
    );
    this.cause = cause;
  }
}

export class NoSuchPasskey extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_PASSKEY', titleOf('AUTH.NO_SUCH_PASSKEY'));
  }
}

export class TooManyPasskeys extends Conflict {
  constructor() {
    super('AUTH.TOO_MANY_PASSKEYS', titleOf('AUTH.TOO_MANY_PASSKEYS'), { detail: 'Remove one first.' });
  }
}

export class SignInAgain extends NotAllowed {
  constructor() {
    super('AUTH.SIGN_IN_AGAIN', titleOf('AUTH.SIGN_IN_AGAIN'));
  }
}

export class TotpInUse extends Conflict {
  constructor() {
    super('AUTH.TOTP_IN_USE', titleOf('AUTH.TOTP_IN_USE'), { detail: 'Remove it first.' });
  }
}

export class NoTotp extends Conflict {
  constructor() {
    super('AUTH.NO_TOTP', titleOf('AUTH.NO_TOTP'));
  }
}

export class WrongFactorCode extends InvalidInput {
  constructor() {
    super(
      [{ path: 'code', code: 'WRONG', message: 'is not right' }],
      'AUTH.WRONG_FACTOR_CODE',
      titleOf('AUTH.WRONG_FACTOR_CODE'),
    );
  }
}

export class LastFactor extends Conflict {
  constructor() {
    super('AUTH.LAST_FACTOR', titleOf('AUTH.LAST_FACTOR'), { detail: 'Add another first.' });
  }
}

export class SessionLocked extends NotAuthenticated {
  constructor() {
    super('AUTH.SESSION_LOCKED', titleOf('AUTH.SESSION_LOCKED'), { detail: 'Sign in.' });
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

export class NoSuchInteraction extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_INTERACTION', titleOf('AUTH.NO_SUCH_INTERACTION'), {
      detail: 'Go back to where you came from, and begin again.',
    });
  }
}

export class SignInNeeded extends NotAuthenticated {
  constructor() {
    super('AUTH.SIGN_IN_NEEDED', titleOf('AUTH.SIGN_IN_NEEDED'), { detail: 'Sign in.' });
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

export class NoSuchInvitation extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_INVITATION', titleOf('AUTH.NO_SUCH_INVITATION'));
  }
}

export class NoPractitioner extends Conflict {
  constructor() {
    super('AUTH.NO_PRACTITIONER', titleOf('AUTH.NO_PRACTITIONER'), { detail: 'Have an administrator link it.' });
  }
}

export class AlreadyDelegated extends Conflict {
  constructor() {
    super('AUTH.ALREADY_DELEGATED', titleOf('AUTH.ALREADY_DELEGATED'), { detail: 'End that first.' });
  }
}

export class TooManyDelegations extends Conflict {
  constructor(max: number) {
    super('AUTH.TOO_MANY_DELEGATIONS', titleOf('AUTH.TOO_MANY_DELEGATIONS'), {
      detail: `A practitioner gives, and a colleague has, ${max} at most; end one first.`,
    });
  }
}

export class NoSuchDelegation extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_DELEGATION', titleOf('AUTH.NO_SUCH_DELEGATION'));
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

export class TooManyInvitations extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('limit-reached', 'AUTH.TOO_MANY_INVITATIONS', titleOf('AUTH.TOO_MANY_INVITATIONS'), {
      retryAfterSeconds,
      detail: `Give them the code on paper, or try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`,
    });
  }
}

export class TooManyRegistrations extends Unavailable {
  constructor() {
    super('AUTH.TOO_MANY_REGISTRATIONS', titleOf('AUTH.TOO_MANY_REGISTRATIONS'), { retryAfterSeconds: 3_600 });
  }
}

/** For who signs in while it waits. */
export class RegistrationWaits extends NotAllowed {
  constructor(expiresAt: Date) {
    super('AUTH.REGISTRATION_WAITS', titleOf('AUTH.REGISTRATION_WAITS'), {
      detail: 'You can sign in once the practice has confirmed who you are.',
      extensions: { expiresAt: expiresAt.toISOString() },
    });
  }
}

export class NoSuchRegistration extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_REGISTRATION', titleOf('AUTH.NO_SUCH_REGISTRATION'));
  }
}

export class PatientHasLogin extends Conflict {
  constructor(userId: string) {
    super('AUTH.PATIENT_HAS_LOGIN', titleOf('AUTH.PATIENT_HAS_LOGIN'), {
      detail: 'Help whoever owns the login named by userId in again, or refuse the registration.',
      fields: [{ path: 'patientId', code: 'TAKEN', message: 'is the patient of another user' }],
      extensions: { userId },
    });
  }
}

export class LinkTaken extends Conflict {
  /** @param userId the other user, where that is known; it is told to nobody by this */
  constructor(
    path: 'patientId' | 'practitionerId',
    readonly userId?: string,
  ) {
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
