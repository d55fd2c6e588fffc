import type { Principal } from '@cabinet/kit/access/principal';
import { type AccessNoted, currentContext } from '@cabinet/kit/http/request-context';
import type { Decision, Question } from './policy.js';
import type { Relation } from './vocabulary.js';

/** What a request is in the access table, and what the table said of it so far. */
export class RequestAccess implements AccessNoted {
  relation?: Relation;
  purpose?: string;
  /** What none of the decisions lets the caller see. */
  hidden?: readonly string[];
  /** What the answer says besides, of how its caller comes to see it. */
  besides?: object;
  /** True once something is at hand that a minor keeps from their guardians: nor do they see who saw it. */
  isKeptFromGuardians = false;

  /** @param at as of when it is asked: when it came, since what somebody may do for others ends at a time */
  constructor(
    readonly question: Question,
    public at?: Date,
  ) {}

  get isRefusalKeptFromGuardians(): boolean {
    return this.question.isRefusalUnseenByGuardians;
  }

  /** Only what was asked of the operation itself lets its answer go; what else was asked of the thing shows more of it. */
  note({ asked }: Question, { allowed, relation, purpose, hidden }: Decision): void {
    if (!allowed || asked.resource !== this.question.asked.resource) return;
    if (asked === this.question.asked) {
      this.relation ??= relation;
      this.purpose ??= purpose;
    }
    const before = this.hidden;
    this.hidden = before && before !== hidden ? before.filter((property) => hidden.includes(property)) : hidden;
  }
}

export function requestAccess(): RequestAccess | undefined {
  const access = currentContext()?.access;
  return access instanceof RequestAccess ? access : undefined;
}

/** Of a request that goes on for long, what its caller may do for others is asked as of then. */
export function askAsOf(now: Date): void {
  const access = requestAccess();
  if (access) access.at = now;
}

/** Says with an answer that shows something how its caller comes to see it. */
export function sayBesides(said: object): void {
  const access = requestAccess();
  if (access) access.besides = said;
}

/**
 * Asks the table what an actor may, and has the request remember the answer.
 * @param to what they are to the object at hand
 * @param question left out: what the operation says that it is
 */
export function ask(actor: Principal, to: readonly Relation[], question?: Question): Decision {
  const access = requestAccess();
  const asked = question ?? access?.question;
  if (!asked) throw new Error('no operation is at hand that says in x-access what it is: say what is asked');
  const decision = asked.decide(actor.roles, to);
  access?.note(asked, decision);
  return decision;
}
