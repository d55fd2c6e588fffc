import { callerOf } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { currentContext, forAll } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { routePattern } from '@cabinet/kit/observe/metrics';
import type { RequestHandler } from 'express';
import { beforeAnswer } from '../http/before-answer.js';
import type { AuditEvent } from './chain.js';

export interface AuditTrail {
  /** Resolves when the event is stored for good. */
  append(event: AuditEvent): Promise<void>;
}

/**
 * Stores an audit event before each answer to a request for which subjects were noted, refusals included. An answer whose
 * event cannot be stored is not given: 503 AUDIT.UNAVAILABLE.
 */
export function auditRequests(trail: AuditTrail, log: Logger, clock: Clock): RequestHandler {
  return (req, res, next) => {
    const context = currentContext();
    beforeAnswer(res, async ({ status }) => {
      const caller = callerOf(req);
      const subjects = [...(context?.subjects ?? [])].sort();
      if (!context || subjects.length === 0 || !caller) return undefined;
      const event: AuditEvent = {
        at: clock.now(),
        actor: caller.id,
        roles: caller.roles,
        action: context.action ?? `${req.method} ${routePattern(req)}`,
        subjects,
        outcome: status,
        requestId: context.requestId,
        address: req.get('x-forwarded-for')?.split(',')[0]?.trim(),
      };
      try {
        // Goes on when the caller has gone: the data has been read for them.
        await forAll(() => trail.append(event));
        return undefined;
      } catch (error) {
        log.error({ err: error }, 'audit event not stored');
        return auditUnavailable;
      }
    });
    next();
  };
}

const auditUnavailable = new Unavailable('AUDIT.UNAVAILABLE', 'The access could not be recorded', {
  detail: 'Data is shown only when the access is on record. A change may have been made; read before you repeat it.',
});
