import { ask, askAsOf } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { DomainError, NotAllowed, Unavailable } from '@cabinet/kit/errors';
import { forAll } from '@cabinet/kit/http/request-context';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { relationToAgenda } from '../capacity.js';
import { errorCodes } from '../error-codes.js';
import { type AgendaChange, type AgendaChanges, joined, SeenChanges } from './agenda-changes.js';

/** What somebody who follows agendas is told. */
export type Told =
  /** From now on they hear of everything; what they see of these agendas they should read anew now. */
  { kind: 'open' | 'reset'; position: number } | { kind: 'agenda'; position: number; change: AgendaChange };

const followersMax = 200;
const ofOnePersonMax = 8;
const lookEveryMs = 500;
const atOnceMax = 1_000;
const keptMs = 60 * 60_000;
const failuresMax = 4;

/** @throws NotAllowed (403) for an agenda that the actor does not run */
function assertMayFollow(actor: Principal, practitionerIds: readonly string[]): void {
  for (const practitionerId of practitionerIds) {
    if (ask(actor, relationToAgenda(actor, practitionerId)).allowed) continue;
    throw new NotAllowed('ACCESS.NOT_YOUR_SCHEDULE', 'You may only follow agendas that you run');
  }
}

/**
 * Tells those who look at agendas that these have changed. While somebody follows, the process looks in the database twice a
 * second, so each replica hears of what any other did; nothing is kept for a follower but one span of time for each agenda.
 */
export class FollowAgendas {
  private readonly followers = new Set<Follower>();
  private looking?: { task: PeriodicTask; begun: Promise<SeenChanges> };
  private readonly forgetting: PeriodicTask;
  private isStopping = false;

  constructor(
    private readonly changes: AgendaChanges,
    private readonly failed: (error: unknown) => void,
    private readonly clock: Clock,
  ) {
    this.forgetting = new PeriodicTask(() => changes.forgetOld(), { everyMs: keptMs / 4, failed }).start();
  }

  /**
   * @param after up to where the caller has heard everything; undefined for one who has heard nothing
   * @throws NotAllowed (403), 429 for one who follows in many places already, 503 when too many follow here or it is stopping
   */
  async follow(practitionerIds: readonly string[], after: number | undefined, actor: Principal): Promise<Follower> {
    assertMayFollow(actor, practitionerIds);
    this.assertRoom(actor);
    const follower = new Follower(practitionerIds, actor.id, () => this.leave(follower));
    this.followers.add(follower);
    try {
      const seen = await this.look();
      const missed = after === undefined ? undefined : await this.changes.changedSince(after, practitionerIds);
      const { safe: position } = seen;
      if (missed) follower.tell(missed, position);
      else follower.begin({ kind: after === undefined ? 'open' : 'reset', position });
      return follower;
    } catch (error) {
      follower.end();
      throw error;
    }
  }

  /** Asks anew, since rights end, also by their time. @throws NotAllowed (403) */
  askAgain(practitionerIds: readonly string[], actor: Principal): void {
    askAsOf(this.clock.now());
    assertMayFollow(actor, practitionerIds);
  }

  /** Something was committed in this process: those who follow hear of it at once. */
  wake(): void {
    this.looking?.task.wake();
  }

  /** Those who follow come back elsewhere; here nobody begins any more. */
  endAll(): void {
    this.isStopping = true;
    for (const follower of this.followers) follower.end();
  }

  async stop(): Promise<void> {
    this.endAll();
    await this.forgetting.stop();
  }

  private assertRoom(actor: Principal): void {
    if (this.isStopping) {
      throw new Unavailable('AGENDA.STOPPING', errorCodes['AGENDA.STOPPING'].title, {
        detail: 'Another instance goes on with what you follow.',
        retryAfterSeconds: 1,
      });
    }
    const own = [...this.followers].filter(({ followedBy }) => followedBy === actor.id).length;
    if (own >= ofOnePersonMax) {
      throw new DomainError(
        'limit-reached',
        'AGENDA.FOLLOWED_TOO_OFTEN',
        errorCodes['AGENDA.FOLLOWED_TOO_OFTEN'].title,
        {
          detail: 'Close one of the pages that show agendas.',
          retryAfterSeconds: 30,
        },
      );
    }
    if (this.followers.size < followersMax) return;
    throw new Unavailable('AGENDA.TOO_MANY_FOLLOWERS', errorCodes['AGENDA.TOO_MANY_FOLLOWERS'].title, {
      detail: 'Read what you look at now and then instead.',
      retryAfterSeconds: 30,
    });
  }

  private look(): Promise<SeenChanges> {
    this.looking ??= this.begin();
    return this.looking.begun;
  }

  private begin(): NonNullable<FollowAgendas['looking']> {
    // Not on behalf of who came first: it goes on when they have gone.
    const begun = forAll(() => this.find());
    const task = new PeriodicTask(() => forAll(() => begun.then((seen) => this.hear(seen))), {
      everyMs: lookEveryMs,
      restMs: 50,
      failed: (error, inRow) => {
        this.failed(error);
        // Whoever hears nothing would take what they see for what is so.
        if (inRow >= failuresMax) for (const follower of this.followers) follower.end();
      },
    }).start();
    return { task, begun };
  }

  /** Where it begins: what can be seen by now is told to nobody, who reads it; what was under way is missing. */
  private async find(): Promise<SeenChanges> {
    const seen = new SeenChanges(await this.changes.bounds(), performance.now());
    seen.note(await this.changes.since(seen.safe, [], atOnceMax), performance.now());
    return seen;
  }

  private async hear(seen: SeenChanges): Promise<void> {
    const changes = await this.changes.since(seen.last, seen.gaps, atOnceMax);
    seen.note(changes, performance.now());
    for (const follower of this.followers) follower.tell(changes, seen.safe);
    if (changes.length === atOnceMax) this.wake();
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    void this.looking?.task.stop();
    this.looking = undefined;
  }
}

/** One who follows agendas: what they have not taken yet waits, one change at most for each agenda. */
export class Follower {
  private readonly waiting = new Map<string, AgendaChange>();
  private beginning?: Told;
  private position = 0;
  private heard = Promise.withResolvers<void>();
  isEnded = false;

  constructor(
    practitionerIds: readonly string[],
    readonly followedBy: string,
    private readonly onEnd: () => void,
  ) {
    this.followed = new Set(practitionerIds);
  }

  private readonly followed: ReadonlySet<string>;

  begin(told: Told): void {
    this.beginning = told;
    this.position = Math.max(this.position, told.position);
    this.heard.resolve();
  }

  tell(changes: readonly AgendaChange[], position: number): void {
    this.position = Math.max(this.position, position);
    for (const { practitionerId, from, until } of changes) {
      if (!this.followed.has(practitionerId)) continue;
      this.waiting.set(practitionerId, joined(this.waiting.get(practitionerId), { practitionerId, from, until }));
      this.heard.resolve();
    }
  }

  /** What there is to tell now; all of it has the same position. */
  take(): Told[] {
    const { position, beginning } = this;
    const changes = [...this.waiting.values()].map((change): Told => ({ kind: 'agenda', position, change }));
    this.waiting.clear();
    this.beginning = undefined;
    if (!this.isEnded) this.heard = Promise.withResolvers();
    return beginning ? [beginning, ...changes] : changes;
  }

  /** Resolves when there is something to take, or nothing more will come. */
  get ready(): Promise<void> {
    return this.heard.promise;
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.heard.resolve();
    this.onEnd();
  }
}
