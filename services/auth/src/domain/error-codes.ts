/** Every refusal of this service: its status, its title, and when it is met. */
export const errorCodes = {
  'AUTH.BAD_CREDENTIALS': {
    status: 401,
    title: 'The e-mail address or the password is not right',
    when: 'Signing in with an unknown address, a wrong password, or an account that has been deactivated.',
  },
  'AUTH.SECOND_FACTOR_NEEDED': {
    status: 401,
    title: 'A second factor is needed',
    when: 'Signing in with the right password and nothing else, where a second factor is set up or the role demands one.',
  },
  'AUTH.BAD_SECOND_FACTOR': {
    status: 401,
    title: 'The code is not right',
    when: 'Signing in with the right password and a wrong code, or one that was used before. It counts as a failed attempt.',
  },
  'AUTH.APP_NOT_KNOWN': {
    status: 401,
    title: 'This app is not known any more',
    when: 'Signing in with the right password and a code, when the seed of the app was sealed by a secret of the service that was replaced and is gone. It counts as a failed attempt.',
  },
  'AUTH.BAD_PASSKEY': {
    status: 401,
    title: 'This passkey does not sign in',
    when: 'Signing in with a passkey that is not known or was removed, of another site, without its user being verified, with a challenge that has run out or was used, with a counter that a copy would show, or of a deactivated account.',
  },
  'AUTH.PASSKEY_REFUSED': {
    status: 422,
    title: 'This passkey cannot be added',
    when: 'Adding a passkey that was made for another site or another challenge, without its user being verified, or that is in use already.',
  },
  'AUTH.NO_SUCH_PASSKEY': {
    status: 404,
    title: 'There is no such passkey',
    when: 'The id names no passkey of the caller.',
  },
  'AUTH.TOO_MANY_PASSKEYS': {
    status: 409,
    title: 'There are too many passkeys',
    when: 'Adding a passkey when there are twenty.',
  },
  'AUTH.SIGN_IN_AGAIN': {
    status: 403,
    title: 'Sign in again to change this',
    when: 'Changing second factors more than fifteen minutes after the sign-in.',
  },
  'AUTH.TOTP_IN_USE': {
    status: 409,
    title: 'An app makes codes already',
    when: 'Setting up an app that makes codes when one is in use.',
  },
  'AUTH.NO_TOTP': {
    status: 409,
    title: 'No app makes codes',
    when: 'Asking for new recovery codes without an app that makes codes.',
  },
  'AUTH.WRONG_FACTOR_CODE': {
    status: 422,
    title: 'The code is not right',
    when: 'Confirming an app with a code that it does not make at this time. It counts as a failed attempt.',
  },
  'AUTH.LAST_FACTOR': {
    status: 409,
    title: 'The last second factor cannot be removed',
    when: 'Removing the only second factor of somebody whose role demands one.',
  },
  'AUTH.SESSION_LOCKED': {
    status: 401,
    title: 'This session is locked',
    when: 'Refreshing in a session that its user has locked.',
  },
  'AUTH.LOCKED_OUT': {
    status: 429,
    title: 'Too many failed attempts',
    when: 'An account or a network address has failed too often, from devices that never signed in to it. `Retry-After` says how long to wait; the wait grows.',
  },
  'AUTH.BUSY': {
    status: 503,
    title: 'Too many people are signing in at once',
    when: 'The queue of passwords to be checked is full.',
  },
  'AUTH.REFRESH_MISSING': {
    status: 401,
    title: 'There is no session to continue',
    when: 'Refreshing without the refresh cookie.',
  },
  'AUTH.REFRESH_INVALID': {
    status: 401,
    title: 'This session is not known or has ended',
    when: 'Refreshing with a cookie that was never given, or whose session was signed out, revoked or has run out.',
  },
  'AUTH.REFRESH_REUSED': {
    status: 401,
    title: 'This session was used from two places and has been ended',
    when: 'Refreshing with a cookie that had been exchanged before. Everybody who holds a cookie of the session is out.',
  },
  'AUTH.NO_SUCH_INTERACTION': {
    status: 404,
    title: 'This sign-in is not known here, or has ended',
    when: 'Answering what a client asks that was answered, is older than ten minutes, or was begun in another browser.',
  },
  'AUTH.SIGN_IN_NEEDED': {
    status: 401,
    title: 'Nobody is signed in here, or too long ago',
    when: 'Answering what a client asks without a session at this browser, in one that is locked, or in one that began before a client asked for a new sign-in.',
  },
  'AUTH.FOREIGN_ORIGIN': {
    status: 403,
    title: 'Another site may not do this',
    when: 'Refreshing, signing out or answering what a client asks from a page of another origin that the practice has not allowed.',
  },
  'AUTH.NO_SUCH_CODE': {
    status: 401,
    title: 'This code is not good, or no longer',
    when: 'Using a code that was never given, has run out, was used, or was replaced by a newer one.',
  },
  'AUTH.NO_PRACTITIONER': {
    status: 409,
    title: 'Your account is linked to no practitioner',
    when: 'Delegating with the role practitioner, when the account is linked to none whose agenda could be delegated.',
  },
  'AUTH.ALREADY_DELEGATED': {
    status: 409,
    title: 'This colleague works for you already',
    when: 'Delegating to a colleague to whom the practitioner has delegated, while that is in force.',
  },
  'AUTH.TOO_MANY_DELEGATIONS': {
    status: 409,
    title: 'There are too many delegations',
    when: 'Delegating when the practitioner has given fifteen that are in force, or the colleague has fifteen.',
  },
  'AUTH.NO_SUCH_DELEGATION': {
    status: 404,
    title: 'There is no such delegation',
    when: 'Ending a delegation that has ended, or that is neither given by the caller nor to them.',
  },
  'AUTH.NO_SUCH_INVITATION': {
    status: 404,
    title: 'There is no such invitation',
    when: 'Withdrawing an invitation that was accepted, withdrawn or replaced, or has run out.',
  },
  'AUTH.NOTHING_TO_MAIL': {
    status: 404,
    title: 'There is nothing to mail',
    when: 'Asking for a code that is not to be mailed, was used or replaced, or has run out.',
  },
  'AUTH.NO_SUCH_SESSION': {
    status: 404,
    title: 'There is no such session',
    when: 'The id names no session that the caller has open.',
  },
  'AUTH.NO_SUCH_USER': {
    status: 404,
    title: 'There is no such user',
    when: 'The id names no user.',
  },
  'AUTH.EMAIL_TAKEN': {
    status: 409,
    title: 'There is already a user with this e-mail address',
    when: 'Creating a user with an address in use, in whatever case it is written.',
  },
  'AUTH.LINK_TAKEN': {
    status: 409,
    title: 'Another user is already linked to this person',
    when: 'Linking a second user to one patient or one practitioner.',
  },
  'AUTH.TOO_MANY_INVITATIONS': {
    status: 429,
    title: 'Too many invitations were mailed to this address',
    when: 'Inviting somebody by mail after five, and then more than once an hour, whoever has that address. `Retry-After` says how long to wait.',
  },
  'AUTH.TOO_MANY_REGISTRATIONS': {
    status: 503,
    title: 'Too many people have registered and wait',
    when: 'Registering while as many wait as the practice can decide. Ask the practice for an invitation.',
  },
  'AUTH.REGISTRATION_WAITS': {
    status: 403,
    title: 'Your registration waits for the practice',
    when: 'Signing in with the address and password of a registration that nobody has decided yet. `expiresAt` says until when it waits.',
  },
  'AUTH.NO_SUCH_REGISTRATION': {
    status: 404,
    title: 'There is no such registration',
    when: 'Deciding one that was decided, replaced by another of the same person, or has run out.',
  },
  'AUTH.PATIENT_HAS_LOGIN': {
    status: 409,
    title: 'This patient has a login already',
    when: 'Confirming a registration as a patient who signs in already; `userId` names the login.',
  },
  'AUTH.LAST_ADMIN': {
    status: 409,
    title: 'The last active administrator cannot be taken away',
    when: 'Deactivating the only active admin, or taking the role from them.',
  },
  'AUTH.WRONG_PASSWORD': {
    status: 422,
    title: 'The current password is not right',
    when: 'Changing the password with a wrong current one. It counts as a failed attempt.',
  },
  'AUTH.PASSWORD_UNSUITABLE': {
    status: 422,
    title: 'This password cannot be used',
    when: 'A password that is too short, too long, holds the e-mail address, is the one in use, or is one of those that are tried first.',
  },
  'AUTH.NO_SUCH_ISSUER': {
    status: 404,
    title: 'There is no such issuer',
    when: 'The id names no issuer that the practice trusts.',
  },
  'AUTH.ISSUER_UNREACHABLE': {
    status: 503,
    title: 'The issuer cannot be reached',
    when: 'Signing in by an issuer that does not answer, or answers that it cannot.',
  },
  'AUTH.NO_SUCH_SIGN_IN': {
    status: 404,
    title: 'This sign-in was not begun here, or has ended',
    when: 'Coming back from an issuer with what was begun at another browser or for another issuer, more than ten minutes ago, or that has been shown before.',
  },
  'AUTH.REFUSED_ELSEWHERE': {
    status: 401,
    title: 'The issuer has not signed anybody in',
    when: 'Coming back from an issuer that has refused, whose user has thought better of it, or that does not take the code (any more).',
  },
  'AUTH.ISSUER_NOT_BELIEVED': {
    status: 401,
    title: 'What the issuer tells cannot be believed',
    when: 'Coming back from an issuer whose answer is of somebody else or for somebody else, has run out, is not signed or encrypted as it must be, is no answer to what was asked, or tells of two people.',
  },
  'AUTH.LEVEL_TOO_LOW': {
    status: 401,
    title: 'The issuer asked for too little',
    when: 'Signing in by an issuer that does not say that its user has shown who they are in one of the ways that the practice demands.',
  },
  'AUTH.NO_ACTIVITY': {
    status: 403,
    title: 'You practise nowhere here',
    when: 'Signing in as a professional who has no activity, or none in this practice.',
  },
  'AUTH.NOT_LINKED': {
    status: 403,
    title: 'The practice does not know you by this issuer yet',
    when: 'Signing in as somebody whom nobody of the practice has confirmed, or who is no longer what they were confirmed as.',
  },
  'AUTH.NOT_FOR_YOUR_ROLE': {
    status: 403,
    title: 'Your role does not sign in by this issuer',
    when: 'Signing in as an administrator by an issuer that the practice does not trust with those, or as a colleague by one for patients.',
  },
  'AUTH.NO_ROLE_THERE': {
    status: 403,
    title: 'The issuer gives you no role here',
    when: 'Signing in by an issuer that gives roles, none of which is one here.',
  },
  'AUTH.NO_SUCH_IDENTITY': {
    status: 404,
    title: 'There is no such identity',
    when: 'The id names no identity at an issuer, or one that the caller has nothing to do with.',
  },
  'AUTH.IDENTITY_CONFIRMED': {
    status: 409,
    title: 'This identity is confirmed already',
    when: 'Confirming an identity that is linked to a user.',
  },
  'AUTH.NO_USER_TO_LINK': {
    status: 409,
    title: 'There is no login that this identity could be linked to',
    when: 'Confirming an identity for a person who has no login, for a user who has not the role or is not active, or for one who has another identity at the issuer.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
