import { type Purpose, purposes } from '@cabinet/access/vocabulary';
import { callerOf } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { currentContext, forAll, type RequestContext } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { routePattern } from '@cabinet/kit/observe/metrics';
import type { Request, RequestHandler } from 'express';
import { beforeAnswer } from '../http/before-answer.js';
import { type AuditEvent, type Head, keptFromGuardians, type SealedEvent } from './chain.js';
import { Refusals } from './refusals.js';

export interface AuditTrail {
  /**
   * Resolves when the event is stored for good.
   * @param noteIds the notes of the changes that it tells of, which then go
   */
  append(event: AuditEvent, noteIds?: readonly string[]): Promise<void>;
  /** Appends what notes from before then say. */
  sealLeft(before: Date): Promise<void>;
  /** The latest events that all conditions fit, latest first. */
  find(question: AuditQuestion): Promise<SealedEvent[]>;
  /** Those behind this place in the chain, in order. */
  after(sequence: number, limit: number): Promise<SealedEvent[]>;
  /** The last event that tells of something else than the head of another trail. */
  head(): Promise<Head | undefined>;
  /** What was last noted of the trail of a service. */
  lastWitnessed(service: string): Promise<string | undefined>;
}

export interface AuditQuestion {
  /** One of them at least is concerned. */
  subjects?: string[];
  /** What is kept from the guardians of any of these is left out. */
  exceptKeptOf?: readonly string[];
  actor?: string;
  /** What was done, as the trail names it; or words of that (`wordsOf`), where it names nothing so. */
  action?: string;
  /** What was done by one of these actions is left out, where an actor is named only what that one did. */
  except?: { actor?: string; actions: readonly string[] };
  from?: Date;
  /** Not itself. */
  to?: Date;
  /** Those before this one only; `at` in milliseconds since 1970. */
  before?: { at: number; sequence: number };
  limit: number;
}

/**
 * Stores an audit event before each answer to a request for which subjects were noted, refusals included. An answer whose
 * event cannot be stored is not given: 503 AUDIT.UNAVAILABLE. A change is noted with itself, so that it is in the trail even
 * when its process dies before the answer.
 */
export function auditRequests(
  trail: AuditTrail,
  { log, clock, closers }: { log: Logger; clock: Clock; closers: AsyncDisposableStack },
): RequestHandler {
  const refusals = new Refusals(trail, log, clock);
  closers.defer(() => refusals.tellAll());
  return (req, res, next) => {
    const context = currentContext();
    if (context) {
      context.auditEvent = (subjects) =>
        eventOf(req, context, callerOf(req), { at: clock.now(), outcome: unanswered, subjects });
    }
    beforeAnswer(res, async ({ status }) => {
      const caller = callerOf(req);
      if (!context?.subjects?.size) return undefined;
      // What may have changed is told of, whatever was answered and to whom.
      const isRefusal = status >= 400 && !context.auditNotes;
      // Who is refused as nobody has seen nothing, and could go on for ever.
      if (isRefusal && !caller) return undefined;
      const event = eventOf(req, context, caller, {
        at: clock.now(),
        outcome: status,
        subjects: [...context.subjects],
      });
      if (isRefusal && refusals.areMany(event)) return undefined;
      try {
        // Goes on when the caller has gone: the data has been read for them.
        await forAll(() => trail.append(event, context.auditNotes?.ids));
        return undefined;
      } catch (error) {
        log.error({ err: error }, 'audit event not stored');
        return auditUnavailable;
      }
    });
    next();
  };
}

function eventOf(
  req: Request,
  { action, purpose, access, onBehalfOf, requestId }: RequestContext,
  caller: Principal | undefined,
  seen: Pick<AuditEvent, 'at' | 'outcome' | 'subjects'>,
): AuditEvent {
  const roles = caller?.roles ?? [];
  const forWhom = { practitionerId: caller?.practitionerId, onBehalfOf: onBehalfOf ?? undefined };
  const namesOne = forWhom.practitionerId !== undefined || forWhom.onBehalfOf !== undefined;
  const isRefusalKept = seen.outcome >= 400 && namesOne && access?.isRefusalKeptFromGuardians;
  return {
    ...seen,
    actor: caller?.id ?? 'anonymous',
    roles,
    ...forWhom,
    purpose: purpose ?? purposes[access?.purpose as Purpose] ?? usualPurpose(roles),
    action: action ?? `${req.method} ${routePattern(req)}`,
    subjects: [...seen.subjects, ...(access?.isKeptFromGuardians || isRefusalKept ? [keptFromGuardians] : [])].sort(),
    requestId,
    address: req.get('x-forwarded-for')?.split(',')[0]?.trim().slice(0, addressLengthMax),
  };
}

const addressLengthMax = 64;
const unanswered = 0;

/**
 * Why people of a role see data where neither the access table nor a use case says it: codes of HL7's PurposeOfUse. Of who has no
 * role, as somebody who is about to sign in, that is not known.
 */
function usualPurpose(roles: readonly string[]): string | undefined {
  if (roles.includes('practitioner')) return 'TREAT';
  if (roles.includes('secretary')) return 'PATADMIN';
  if (roles.includes('admin')) return 'HSYSADMIN';
  if (roles.includes('service')) return 'HOPERAT';
  if (roles.includes('patient')) return 'PATRQT';
  return undefined;
}

/** What has to occur in the name of an action, in whatever order and case, for it to be one that is meant. */
export const wordsOf = (action: string): string[] => action.split(/\s+/).filter((word) => word !== '');

const auditUnavailable = new Unavailable('AUDIT.UNAVAILABLE', 'The access could not be recorded', {
  detail: 'Data is shown only when the access is on record. A change may have been made; read before you repeat it.',
});
