import { Conflict, NotAllowed, NotAuthenticated, NotFound, Unavailable } from '@cabinet/kit/errors';
import { titleOf } from './errors.js';

export class NoSuchIssuer extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_ISSUER', titleOf('AUTH.NO_SUCH_ISSUER'));
  }
}

export class IssuerUnreachable extends Unavailable {
  constructor(cause?: unknown) {
    super('AUTH.ISSUER_UNREACHABLE', titleOf('AUTH.ISSUER_UNREACHABLE'), { cause });
  }
}

export class NoSuchSignIn extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_SIGN_IN', titleOf('AUTH.NO_SUCH_SIGN_IN'), { detail: 'Begin again.' });
  }
}

export class RefusedElsewhere extends NotAuthenticated {
  constructor(cause?: unknown) {
    super('AUTH.REFUSED_ELSEWHERE', titleOf('AUTH.REFUSED_ELSEWHERE'), { detail: 'Begin again.', cause });
  }
}

export class IssuerNotBelieved extends NotAuthenticated {
  constructor(cause?: unknown) {
    super('AUTH.ISSUER_NOT_BELIEVED', titleOf('AUTH.ISSUER_NOT_BELIEVED'), { cause });
  }
}

export class LevelTooLow extends NotAuthenticated {
  constructor() {
    super('AUTH.LEVEL_TOO_LOW', titleOf('AUTH.LEVEL_TOO_LOW'));
  }
}

export class NoActivity extends NotAllowed {
  constructor() {
    super('AUTH.NO_ACTIVITY', titleOf('AUTH.NO_ACTIVITY'));
  }
}

export class NotLinked extends NotAllowed {
  constructor() {
    super('AUTH.NOT_LINKED', titleOf('AUTH.NOT_LINKED'), {
      detail: 'The practice has been told, and confirms who you are. Then come again.',
    });
  }
}

export class NotForRole extends NotAllowed {
  constructor() {
    super('AUTH.NOT_FOR_YOUR_ROLE', titleOf('AUTH.NOT_FOR_YOUR_ROLE'), {
      detail: 'Sign in by passkey, or by password.',
    });
  }
}

export class NoRoleThere extends NotAllowed {
  constructor() {
    super('AUTH.NO_ROLE_THERE', titleOf('AUTH.NO_ROLE_THERE'));
  }
}

export class NoSuchIdentity extends NotFound {
  constructor() {
    super('AUTH.NO_SUCH_IDENTITY', titleOf('AUTH.NO_SUCH_IDENTITY'));
  }
}

export class IdentityConfirmed extends Conflict {
  constructor() {
    super('AUTH.IDENTITY_CONFIRMED', titleOf('AUTH.IDENTITY_CONFIRMED'), { detail: 'Remove the link first.' });
  }
}

export class NoUserToLink extends Conflict {
  constructor() {
    super('AUTH.NO_USER_TO_LINK', titleOf('AUTH.NO_USER_TO_LINK'), { detail: 'Invite them first.' });
  }
}
