import { ask } from '@cabinet/access/ask';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import {
  assertLasts,
  type Delegation,
  type DelegationRule,
  type DelegationRuleVersion,
  type OpenDelegation,
  relationTo,
} from './delegation.js';
import { NoPractitioner, NoSuchDelegation } from './errors.js';
import type { Delegations } from './ports.js';
import type { User } from './user.js';

/** From now on unless it says from when. */
export type NewDelegation = Pick<Delegation, 'delegateId' | 'as' | 'scopes' | 'until'> & { from?: Date };

interface Asked {
  limit: number;
  /** The id of the last one of the page before. */
  after?: string;
}

/** Practitioners let colleagues work for them, and no longer; whoever it concerns goes on with a new access token. */
/** More are not shown; each is kept. */
const ruleVersionsMax = 100;

export class KeepDelegations {
  constructor(
    private readonly delegations: Delegations,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a colleague work for the practitioner who asks.
   * @throws NoPractitioner, AlreadyDelegated, TooManyDelegations (409), InvalidInput (422) for oneself, for who is no colleague or has
   *   not the role, and for an end that has passed or is too far
   */
  async give(wanted: NewDelegation, actor: Principal): Promise<OpenDelegation> {
    const { practitionerId } = actor;
    if (!practitionerId) throw new NoPractitioner();
    const stored = await storedBefore((id) => this.delegations.given(id));
    if (stored) return stored;
    const delegateId = wanted.delegateId.toLowerCase();
    if (delegateId === actor.id) throw invalidField('delegateId', 'YOURSELF', 'is you');
    const now = this.clock.now();
    const delegation = {
      ...wanted,
      from: wanted.from ?? now,
      id: effectOfRequest().id,
      practitionerId,
      delegateId,
      givenAt: now,
      givenBy: actor.id,
    };
    assertLasts(delegation, now);
    return this.delegations.add(delegation, actor);
  }

  /** Those in force: given by or to who asks; of an admin all. Oldest first. */
  async list({ limit, after }: Asked, actor: Principal): Promise<Page<OpenDelegation>> {
    const of = hasRole(actor, 'admin') ? {} : { practitionerId: actor.practitionerId, delegateId: actor.id };
    return toPage(await this.delegations.list(of, { after, limit: limit + 1, now: this.clock.now() }), limit);
  }

  /**
   * Who gave it takes it back, who has it gives it up, an admin ends it.
   * @throws NoSuchDelegation (404), the same for one of others and one that has ended
   */
  async end(id: string, actor: Principal): Promise<void> {
    const now = this.clock.now();
    const found = await this.delegations.find(id, now);
    if (!found || !ask(actor, relationTo(actor, found)).allowed) throw new NoSuchDelegation();
    noteSubjects(found.delegateId, found.givenBy);
    if (!(await this.delegations.end(id, now, actor))) throw new NoSuchDelegation();
  }

  /** Colleagues who could work for who asks, oldest first. */
  async colleagues({ limit, after }: Asked, actor: Principal): Promise<Page<User>> {
    return toPage(await this.delegations.colleagues(actor.id, { after, limit: limit + 1 }), limit);
  }

  rule(): Promise<DelegationRule> {
    return this.delegations.rule();
  }

  /** What it said, the newest first; of many the last ones. */
  ruleVersions(): Promise<DelegationRuleVersion[]> {
    return this.delegations.ruleVersions(ruleVersionsMax);
  }

  /** @throws staleVersion (412) when somebody changed it in the meantime */
  setRule(
    expected: ExpectedVersion,
    secretariesWorkFor: DelegationRule['secretariesWorkFor'],
    actor: Principal,
  ): Promise<DelegationRule> {
    return this.delegations.setRule(expected, secretariesWorkFor, actor);
  }
}
