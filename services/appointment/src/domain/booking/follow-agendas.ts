import { ask, askAsOf } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { DomainError, NotAllowed, Unavailable } from '@cabinet/kit/errors';
import { atOnceMax, Follower, Followers, type NoRoom } from '@cabinet/service/live/followers';
import { relationToAgenda } from '../capacity.js';
import { errorCodes } from '../error-codes.js';
import { type AgendaChange, type AgendaChanges, joined, SeenChanges } from './agenda-changes.js';

/** @throws NotAllowed (403) for an agenda that the actor does not run */
function assertMayFollow(actor: Principal, practitionerIds: readonly string[]): void {
  for (const practitionerId of practitionerIds) {
    if (ask(actor, relationToAgenda(actor, practitionerId)).allowed) continue;
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only follow agendas that you run');
  }
}

/** Tells those who look at agendas that these have changed: one span of time for each agenda, however much has changed in it. */
export class FollowAgendas extends Followers<AgendaChange, AgendaFollower, SeenChanges> {
  constructor(
    private readonly changes: AgendaChanges,
    failed: (error: unknown) => void,
    private readonly clock: Clock,
  ) {
    super(failed, () => changes.forgetOld());
  }

  /**
   * @param after up to where the caller has heard everything; undefined for one who has heard nothing
   * @throws NotAllowed (403), 429 for one who follows in many places already, 503 when too many follow here or it is stopping
   */
  async follow(
    practitionerIds: readonly string[],
    after: number | undefined,
    actor: Principal,
  ): Promise<AgendaFollower> {
    assertMayFollow(actor, practitionerIds);
    const make = (leave: () => void) => new AgendaFollower(new Set(practitionerIds), actor.id, leave);
    return this.admit(actor.id, make, async (follower, seen) => {
      const missed = after === undefined ? undefined : await this.changes.changedSince(after, practitionerIds);
      const { safe: position } = seen;
      if (missed) follower.tell(missed, position);
      else follower.begin(after === undefined ? 'open' : 'reset', position);
    });
  }

  /** Asks anew, since rights end, also by their time. @throws NotAllowed (403) */
  askAgain(practitionerIds: readonly string[], actor: Principal): void {
    askAsOf(this.clock.now());
    assertMayFollow(actor, practitionerIds);
  }

  /** What was under way is missing: it is heard of when it can be seen. */
  protected async find(): Promise<SeenChanges> {
    const seen = new SeenChanges(await this.changes.bounds(), performance.now());
    seen.note(await this.changes.since(seen.safe, [], atOnceMax), performance.now());
    return seen;
  }

  protected async look(seen: SeenChanges) {
    const changes = await this.changes.since(seen.last, seen.gaps, atOnceMax);
    seen.note(changes, performance.now());
    return { changes, position: seen.safe };
  }

  protected refusal(why: NoRoom): Error {
    switch (why) {
      case 'stopping':
        return new Unavailable('AGENDA.STOPPING', errorCodes['AGENDA.STOPPING'].title, {
          detail: 'Another instance goes on with what you follow.',
          retryAfterSeconds: 1,
        });
      case 'in-too-many-places':
        return new DomainError(
          'limit-reached',
          'AGENDA.FOLLOWED_TOO_OFTEN',
          errorCodes['AGENDA.FOLLOWED_TOO_OFTEN'].title,
          { detail: 'Close one of the pages that show agendas.', retryAfterSeconds: 30 },
        );
      case 'too-many':
        return new Unavailable('AGENDA.TOO_MANY_FOLLOWERS', errorCodes['AGENDA.TOO_MANY_FOLLOWERS'].title, {
          detail: 'Read what you look at now and then instead.',
          retryAfterSeconds: 30,
        });
    }
  }
}

class AgendaFollower extends Follower<AgendaChange> {
  constructor(
    private readonly followed: ReadonlySet<string>,
    followedBy: string,
    onEnd: () => void,
  ) {
    super('agenda', followedBy, onEnd);
  }

  protected newsOf(
    { practitionerId, from, until }: AgendaChange,
    waits: (key: string) => object | undefined,
  ): [string, object] | undefined {
    if (!this.followed.has(practitionerId)) return undefined;
    const before = waits(practitionerId) as AgendaChange | undefined;
    return [practitionerId, joined(before, { practitionerId, from, until })];
  }
}
