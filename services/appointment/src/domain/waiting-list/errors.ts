import { Conflict, DomainError, NotFound } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';

export class WaitingNotFound extends NotFound {
  constructor() {
    super('WAITING.NOT_FOUND', errorCodes['WAITING.NOT_FOUND'].title);
  }
}

export class AlreadyWaiting extends Conflict {
  constructor() {
    super('WAITING.ALREADY', errorCodes['WAITING.ALREADY'].title, {
      detail: 'Withdraw the other entry first to wait for something else.',
    });
  }
}

export class TooManyWaiting extends DomainError {
  constructor(most: number) {
    super('limit-reached', 'WAITING.TOO_MANY', errorCodes['WAITING.TOO_MANY'].title, {
      detail: `A patient can have ${most} entries on the waiting list; withdraw one first.`,
    });
  }
}

export class OfferEnded extends Conflict {
  constructor() {
    super('WAITING.OFFER_ENDED', errorCodes['WAITING.OFFER_ENDED'].title, {
      detail: 'Nothing was booked. The patient still waits, unless they have left the list.',
    });
  }
}
