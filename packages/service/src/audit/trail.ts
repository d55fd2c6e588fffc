import { callerOf } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { sendProblem } from '@cabinet/kit/http/problem';
import { currentContext, forAll } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { routePattern } from '@cabinet/kit/observe/metrics';
import type { RequestHandler } from 'express';
import type { AuditEvent } from './chain.js';

export interface AuditTrail {
  /** Resolves when the event is stored for good. */
  append(event: AuditEvent): Promise<void>;
}

/** Says that the request at hand reads or changes data of these patients; what is said is in the audit trail. */
export function noteSubjects(...patientIds: (string | undefined)[]): void {
  const context = currentContext();
  if (!context) return;
  context.subjects ??= new Set();
  for (const id of patientIds) if (id) context.subjects.add(id);
}

/**
 * Stores an audit event before each answer to a request for which subjects were noted, refusals included. An answer whose
 * event cannot be stored is not given: 503 AUDIT.UNAVAILABLE.
 */
export function auditRequests(trail: AuditTrail, log: Logger, clock: Clock): RequestHandler {
  return (req, res, next) => {
    const end = res.end.bind(res);
    const context = currentContext();
    res.end = ((...args: Parameters<typeof end>) => {
      res.end = end;
      const caller = callerOf(req);
      const subjects = [...(context?.subjects ?? [])].sort();
      if (!context || subjects.length === 0 || !caller) return end(...args);
      // Goes on when the caller has gone: the data has been read for them.
      forAll(() =>
        trail.append({
          at: clock.now(),
          actor: caller.id,
          roles: caller.roles,
          action: `${req.method} ${routePattern(req)}`,
          subjects,
          outcome: res.statusCode,
          requestId: context.requestId,
          address: req.get('x-forwarded-for')?.split(',')[0]?.trim(),
        }),
      ).then(
        () => end(...args),
        (error) => {
          log.error({ err: error }, 'audit event not stored');
          for (const name of ['Content-Length', 'ETag', 'Location', 'Link']) res.removeHeader(name);
          sendProblem(res, auditUnavailable);
        },
      );
      return res;
    }) as typeof res.end;
    next();
  };
}

const auditUnavailable = new Unavailable('AUDIT.UNAVAILABLE', 'The access could not be recorded', {
  detail: 'Data is shown only when the access is on record. A change may have been made; read before you repeat it.',
});
