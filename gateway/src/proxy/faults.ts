import { DomainError, Unavailable } from '@cabinet/kit/errors';
import { type Asked, effectOf, nothingDone } from '@cabinet/kit/http/effect';
import type { Verdict } from '../resilience.js';

export type FaultKind =
  /** No connection, so the instance has seen nothing of the request. */
  | 'unsent'
  /** Sent, but the connection broke or what came back is not HTTP. */
  | 'broken'
  /** No answer in time. */
  | 'late'
  /** The caller went away. */
  | 'abandoned'
  /** The caller's body is at fault; `cause` is the refusal. */
  | 'refused';

/** A try that got no answer. */
export class UpstreamFault extends Error implements Verdict {
  mayRepeat: Verdict['mayRepeat'] = 'no';
  blamesService: boolean;
  readonly wasAbandoned: boolean;

  constructor(
    readonly kind: FaultKind,
    cause?: unknown,
  ) {
    super(`upstream ${kind}`, { cause });
    this.name = 'UpstreamFault';
    this.blamesService = kind === 'unsent' || kind === 'broken' || kind === 'late';
    this.wasAbandoned = kind === 'abandoned';
  }
}

/** What the caller is told; `service` names the part that is missing. */
export function refusalFor(fault: UpstreamFault, service: string, asked: Asked): DomainError {
  const extensions = { service };
  const detail = effectOf(asked);
  switch (fault.kind) {
    case 'unsent':
      return new Unavailable('GATEWAY.UNREACHABLE', 'The service cannot be reached', {
        detail: nothingDone,
        retryAfterSeconds: 2,
        extensions,
        cause: fault,
      });
    case 'late':
      return new DomainError('upstream-timeout', 'GATEWAY.TIMEOUT', 'The service did not answer in time', {
        detail,
        extensions,
        cause: fault,
      });
    case 'refused':
      return fault.cause as DomainError;
    case 'broken':
    case 'abandoned':
      return new DomainError(
        'bad-upstream-answer',
        'GATEWAY.BAD_ANSWER',
        'The service broke off or answered nonsense',
        {
          detail,
          extensions,
          cause: fault,
        },
      );
  }
}

export const noInstance = (service: string) =>
  new Unavailable('GATEWAY.NO_INSTANCE', 'No instance of the service takes requests', {
    detail: nothingDone,
    retryAfterSeconds: 5,
    extensions: { service },
  });

export const circuitOpen = (service: string, retryAfterSeconds: number) =>
  new Unavailable('GATEWAY.CIRCUIT_OPEN', 'The service fails too often and is given a pause', {
    detail: nothingDone,
    retryAfterSeconds,
    extensions: { service },
  });

export const serviceBusy = (service: string) =>
  new Unavailable('GATEWAY.SERVICE_BUSY', 'The service has as many requests under way as it may have', {
    detail: nothingDone,
    retryAfterSeconds: 1,
    extensions: { service },
  });

/** For an answer 502, 503 or 504 that is not the service's own problem body, but comes from something on the way. */
export function failingAnswer(status: number, service: string, asked: Asked, retryAfter?: string): DomainError {
  const kind = status === 503 ? 'unavailable' : status === 504 ? 'upstream-timeout' : 'bad-upstream-answer';
  return new DomainError(kind, 'GATEWAY.SERVICE_FAILING', 'The service is failing', {
    detail: effectOf(asked),
    retryAfterSeconds: Number(retryAfter) || (status === 503 ? 5 : undefined),
    extensions: { service },
  });
}

export const callerTooSlow = () =>
  new DomainError('timeout', 'REQUEST.TOO_SLOW', 'The body did not come in time', { detail: 'Nothing was changed.' });
