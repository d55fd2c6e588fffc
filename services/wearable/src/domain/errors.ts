import { Conflict, DomainError, InvalidInput, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

export class DeviceNotFound extends NotFound {
  constructor() {
    super('DEVICE.NOT_FOUND', titleOf('DEVICE.NOT_FOUND'));
  }
}

/** Says the same whether there is such a patient or not. */
export class NotYours extends NotAllowed {
  constructor() {
    super('DEVICE.NOT_YOURS', titleOf('DEVICE.NOT_YOURS'));
  }
}

export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'DEVICE.PATIENT_ERASED', titleOf('DEVICE.PATIENT_ERASED'));
  }
}

/** No 401: what anybody may ask and is answered so the gateway takes for a sign-in, of which it lets in few; nobody guesses 256 bits. */
export class DeviceTokenInvalid extends NotAllowed {
  constructor() {
    super('DEVICE.TOKEN_INVALID', titleOf('DEVICE.TOKEN_INVALID'), {
      detail: 'Send the token that was shown when the device was paired as Device-Token.',
    });
  }
}

export class TooManyDevices extends Conflict {
  constructor() {
    super('DEVICE.TOO_MANY', titleOf('DEVICE.TOO_MANY'), { detail: 'End the pairing of one that is not used first.' });
  }
}

export class TooManyAtOnce extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('limit-reached', 'READING.TOO_MANY_AT_ONCE', titleOf('READING.TOO_MANY_AT_ONCE'), {
      detail: 'Nothing was stored. Send the same readings again later.',
      retryAfterSeconds,
    });
  }
}

export class TooManyPoints extends DomainError {
  constructor() {
    super('invalid', 'READING.TOO_MANY_POINTS', titleOf('READING.TOO_MANY_POINTS'), {
      detail: 'Ask for less time, or with resolution=hourly.',
      fields: [{ path: 'to', code: 'TOO_MANY_POINTS', message: 'is too long after from for a raw curve' }],
    });
  }
}

export class ImportNotFound extends NotFound {
  constructor() {
    super('IMPORT.NOT_FOUND', titleOf('IMPORT.NOT_FOUND'));
  }
}

export class WrongOffset extends Conflict {
  constructor(offset: number) {
    super('IMPORT.WRONG_OFFSET', titleOf('IMPORT.WRONG_OFFSET'), {
      detail: 'Go on with the byte at `offset`.',
      extensions: { offset },
    });
  }
}

export class ImportDone extends Conflict {
  constructor() {
    super('IMPORT.DONE', titleOf('IMPORT.DONE'), { detail: 'Begin another import.' });
  }
}

export class Packed extends DomainError {
  constructor() {
    super('unsupported-media-type', 'IMPORT.PACKED', titleOf('IMPORT.PACKED'), {
      detail: 'Unpack it, and send what is inside.',
    });
  }
}

export class Unreadable extends InvalidInput {
  /** @param message what is wrong with the file, without any of what is in it */
  constructor(message: string) {
    super([{ path: 'file', code: 'UNREADABLE', message }], 'IMPORT.UNREADABLE', titleOf('IMPORT.UNREADABLE'));
  }
}
