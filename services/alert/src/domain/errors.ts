import { Conflict, DomainError, InvalidInput, NotFound, Unavailable } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

const titleOf = (code: ErrorCode): string => errorCodes[code].title;

type NotFoundCode = 'ALERT.NOT_FOUND' | 'ALERT_RULE.NOT_FOUND' | 'SILENCE.NOT_FOUND' | 'QUESTION.NOT_FOUND';

/** @throws NotFound (404): what somebody may not see they cannot tell from what is not there */
export function existing<T>(found: T | undefined, code: NotFoundCode): T {
  if (found === undefined) throw new NotFound(code, titleOf(code));
  return found;
}

/** 422 on one field, under a code of this service. */
export const refusal = (code: ErrorCode, path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], code, titleOf(code));

export const isOver = (): Conflict => new Conflict('ALERT.OVER', titleOf('ALERT.OVER'));

export const gapStays = (): Conflict =>
  new Conflict('ALERT_RULE.GAP_STAYS', titleOf('ALERT_RULE.GAP_STAYS'), {
    detail: 'Give the patient another time in which readings are missed, with your reason.',
  });

export const noGap = (): Conflict => new Conflict('ALERT_RULE.NO_GAP', titleOf('ALERT_RULE.NO_GAP'));

export const notTested = (): Conflict =>
  new Conflict('ALERT_RULE.NOT_TESTED', titleOf('ALERT_RULE.NOT_TESTED'), {
    detail: 'Run a back-test of this version first, or sign for it with your reason.',
  });

export const overBudget = (alertsADay: number, budget: number): Conflict =>
  new Conflict('ALERT_RULE.OVER_BUDGET', titleOf('ALERT_RULE.OVER_BUDGET'), {
    detail: 'Change its limits, or sign for it with your reason.',
    extensions: { alertsADay, budget },
  });

export const followedTooOften = (): DomainError =>
  new DomainError('limit-reached', 'ALERT.FOLLOWED_TOO_OFTEN', titleOf('ALERT.FOLLOWED_TOO_OFTEN'), {
    detail: 'Close one of the pages that show alerts.',
    retryAfterSeconds: 30,
  });

export const tooManyFollowers = (retryAfterSeconds: number): Unavailable =>
  new Unavailable('ALERT.TOO_MANY_FOLLOWERS', titleOf('ALERT.TOO_MANY_FOLLOWERS'), {
    detail: 'Read the list now and then instead.',
    retryAfterSeconds,
  });
