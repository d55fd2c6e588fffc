import { ask, RequestAccess, requestAccess } from '@cabinet/access/ask';
import { type Declared, readDeclared } from '@cabinet/access/declared';
import { noteKeptFromGuardians } from '@cabinet/access/family';
import { type Policy, withoutHidden } from '@cabinet/access/policy';
import { callerOf, requireRole } from '@cabinet/kit/access/authenticate';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import { ConfigurationError } from '@cabinet/kit/config';
import { NotAllowed } from '@cabinet/kit/errors';
import type { OpenApi } from '@cabinet/kit/http/operations';
import { currentContext } from '@cabinet/kit/http/request-context';
import type { Request, RequestHandler } from 'express';

/** Where each request meets the access table: when it comes in, and when its answer goes out. */
export class AccessDoor {
  private readonly questions: Declared['questions'];

  /**
   * @throws ConfigurationError for an operation or a property that the table does not know
   */
  constructor(
    openapi: OpenApi,
    policy: Policy,
    private readonly clock: Clock = systemClock,
  ) {
    const { questions, problems } = readDeclared(openapi, policy);
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.questions = questions;
  }

  /** Notes what a request is before anything can refuse it: also of what is refused guardians do not learn all. */
  readonly notice: RequestHandler = (req, _res, next) => {
    this.noticed(req);
    next();
  };

  /**
   * Refuses whoever has no role that may be let in, and a client in what nobody does by one; where the role is enough, that is the answer. Mounted after the
   * operation is known and the body read, and before what keeps answers.
   * @throws NotAuthenticated (401), NotAllowed (403)
   */
  readonly comeIn: RequestHandler = (req, _res, next) => {
    const access = this.noticed(req);
    if (access) {
      const { question } = access;
      const actor = requireRole(req, question.roles);
      if (question.notByClients && actor.clientId !== undefined) throw notByClient();
      access.at = this.clock.now();
      if (question.decide(actor.roles, []).allowed) ask(actor, []);
    }
    next();
  };

  /**
   * Leaves out of an answer what no decision lets its caller see, and says in it how they come to see the rest. An answer for
   * which the table was never asked is a defect: it is not given.
   */
  readonly goOut: RequestHandler = (_req, res, next) => {
    const access = requestAccess();
    if (!access) return next();
    const { json, write, end } = res;
    const isLetOut = () => res.statusCode >= 300 || access.relation !== undefined;
    const refuse = () => {
      Object.assign(res, { json, write, end });
      next(new NeverAsked(access));
      // What is still sent of the answer goes nowhere.
      Object.assign(res, { write: () => true, end: () => res });
    };
    res.json = (body) => {
      if (res.statusCode < 300) showOnly(access, body);
      return json.call(res, body);
    };
    res.write = ((...args: Parameters<typeof write>) => {
      if (isLetOut()) return write.apply(res, args);
      refuse();
      return true;
    }) as typeof write;
    res.end = ((...args: Parameters<typeof end>) => {
      if (isLetOut()) return end.apply(res, args);
      refuse();
      return res;
    }) as typeof end;
    next();
  };

  private noticed(req: Request): RequestAccess | undefined {
    const context = currentContext();
    const question = context?.operation && this.questions.get(context.operation);
    if (!context || !question) return undefined;
    context.access ??= new RequestAccess(question);
    const isSaid = (req.body as { keptFromGuardians?: unknown } | undefined)?.keptFromGuardians === true;
    if (isSaid || question.isUnseenByGuardians(callerOf(req)?.roles ?? [])) noteKeptFromGuardians();
    return requestAccess();
  }
}

const notByClient = () =>
  new NotAllowed('ACCESS.CLIENT_NOT_ALLOWED', 'No client may do this in your name', {
    detail: 'Do it yourself, at the pages of the practice.',
  });

function showOnly({ hidden = [], besides }: RequestAccess, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  if (hidden.length > 0) hide(body, hidden);
  Object.assign(body, besides);
}

function hide(body: object, hidden: readonly string[]): void {
  const { items } = body as { items?: unknown };
  withoutHidden(body, hidden);
  if (Array.isArray(items)) for (const each of items) withoutHidden(each, hidden);
}

class NeverAsked extends Error {
  constructor({ question: { asked } }: RequestAccess) {
    super(`${asked.resource} ${asked.action} was answered, and the access table was not asked or did not allow it`);
  }
}
