import { askAsOf } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { atOnceMax, Follower, Followers, type NoRoom } from '@cabinet/service/live/followers';
import { assertMayWatch } from './access.js';
import { followedTooOften, tooManyFollowers } from './errors.js';
import type { AlertChanges, NotedChange } from './ports.js';

const keptMs = 60 * 60_000;

interface Seen {
  position: number;
}

/** Tells those who look at alerts that these have changed. */
export class FollowAlerts extends Followers<NotedChange, AlertFollower, Seen> {
  constructor(
    private readonly changes: AlertChanges,
    failed: (error: unknown) => void,
    private readonly clock: Clock,
  ) {
    super(failed, () => changes.forgetOld(new Date(clock.now().getTime() - keptMs)));
  }

  /**
   * @param after up to where the caller has heard everything; undefined for one who has heard nothing
   * @throws NotAllowed (403), 429 for one who follows in many places already, 503 when too many follow here or it is stopping
   */
  async follow(after: number | undefined, actor: Principal): Promise<AlertFollower> {
    const watcher = assertMayWatch(actor);
    const make = (leave: () => void) => new AlertFollower(watcher, actor.id, leave);
    return this.admit(actor.id, make, async (follower, { position }) => {
      const isKnown = after !== undefined && (await this.changes.knows(after));
      const missed = isKnown ? await this.changes.since(after, atOnceMax) : undefined;
      if (missed && missed.length < atOnceMax) follower.tell(missed, Math.max(position, missed.at(-1)?.position ?? 0));
      else follower.begin(after === undefined ? 'open' : 'reset', position);
    });
  }

  /** Asks anew, since rights end, also by their time. @throws NotAllowed (403) */
  askAgain(actor: Principal): void {
    askAsOf(this.clock.now());
    assertMayWatch(actor);
  }

  protected async find(): Promise<Seen> {
    return { position: await this.changes.last() };
  }

  protected async look(seen: Seen) {
    const changes = await this.changes.since(seen.position, atOnceMax);
    seen.position = changes.at(-1)?.position ?? seen.position;
    return { changes, position: seen.position };
  }

  protected refusal(why: NoRoom): Error {
    return why === 'in-too-many-places' ? followedTooOften() : tooManyFollowers(why === 'stopping' ? 1 : 30);
  }
}

class AlertFollower extends Follower<NotedChange> {
  constructor(
    private readonly watcher: string,
    followedBy: string,
    onEnd: () => void,
  ) {
    super('alert', followedBy, onEnd);
  }

  /** Of what was told already nothing is told again. */
  protected newsOf({ alertId, watchers, position }: NotedChange): [string, object] | undefined {
    return position > this.taken && watchers.includes(this.watcher) ? [alertId, { alertId }] : undefined;
  }
}
