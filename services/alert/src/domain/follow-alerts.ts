import { askAsOf } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { forAll } from '@cabinet/kit/http/request-context';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { assertMayWatch } from './access.js';
import { followedTooOften, tooManyFollowers } from './errors.js';
import type { AlertChanges, NotedChange } from './ports.js';

/** What somebody who follows alerts is told. */
export type Heard =
  /** From now on they hear of everything; what they see they should read anew now. */
  { kind: 'open' | 'reset'; position: number } | { kind: 'alert'; position: number; alertId: string };

const followersMax = 200;
const ofOnePersonMax = 8;
const lookEveryMs = 500;
const atOnceMax = 1_000;
const keptMs = 60 * 60_000;
const failuresMax = 4;

/**
 * Tells those who look at alerts that these have changed. While somebody follows, the process looks in the database twice a second,
 * so each replica hears of what any other did.
 */
export class FollowAlerts {
  private readonly followers = new Set<Follower>();
  private looking?: { task: PeriodicTask; begun: Promise<{ position: number }> };
  private readonly forgetting: PeriodicTask;
  private isStopping = false;

  constructor(
    private readonly changes: AlertChanges,
    private readonly failed: (error: unknown) => void,
    private readonly clock: Clock,
  ) {
    const forget = () => changes.forgetOld(new Date(clock.now().getTime() - keptMs));
    this.forgetting = new PeriodicTask(forget, { everyMs: keptMs / 4, failed }).start();
  }

  /**
   * @param after up to where the caller has heard everything; undefined for one who has heard nothing
   * @throws NotAllowed (403), 429 for one who follows in many places already, 503 when too many follow here or it is stopping
   */
  async follow(after: number | undefined, actor: Principal): Promise<Follower> {
    const watcher = assertMayWatch(actor);
    this.assertRoom(actor);
    const follower = new Follower(watcher, actor.id, () => this.leave(follower));
    this.followers.add(follower);
    try {
      const { position } = await this.look();
      const isKnown = after !== undefined && (await this.changes.knows(after));
      const missed = isKnown ? await this.changes.since(after, atOnceMax) : undefined;
      if (missed && missed.length < atOnceMax) follower.tell(missed, Math.max(position, missed.at(-1)?.position ?? 0));
      else follower.begin({ kind: after === undefined ? 'open' : 'reset', position });
      return follower;
    } catch (error) {
      follower.end();
      throw error;
    }
  }

  /** Asks anew, since rights end, also by their time. @throws NotAllowed (403) */
  askAgain(actor: Principal): void {
    askAsOf(this.clock.now());
    assertMayWatch(actor);
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
    if (this.isStopping) throw tooManyFollowers(1);
    if ([...this.followers].filter(({ followedBy }) => followedBy === actor.id).length >= ofOnePersonMax)
      throw followedTooOften();
    if (this.followers.size >= followersMax) throw tooManyFollowers(30);
  }

  private look(): Promise<{ position: number }> {
    this.looking ??= this.begin();
    return this.looking.begun;
  }

  private begin(): NonNullable<FollowAlerts['looking']> {
    // Not on behalf of who came first: it goes on when they have gone.
    const begun = forAll(async () => ({ position: await this.changes.last() }));
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

  private async hear(seen: { position: number }): Promise<void> {
    const changes = await this.changes.since(seen.position, atOnceMax);
    seen.position = changes.at(-1)?.position ?? seen.position;
    for (const follower of this.followers) follower.tell(changes, seen.position);
    if (changes.length === atOnceMax) this.wake();
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    void this.looking?.task.stop();
    this.looking = undefined;
  }
}

/** One who follows alerts: what they have not taken yet waits, once for each alert. */
export class Follower {
  private readonly waiting = new Set<string>();
  private beginning?: Heard;
  private position = 0;
  /** Up to where all was taken. */
  private taken = 0;
  private heard = Promise.withResolvers<void>();
  isEnded = false;

  constructor(
    private readonly watcher: string,
    readonly followedBy: string,
    private readonly onEnd: () => void,
  ) {}

  begin(told: Heard): void {
    this.beginning = told;
    this.position = Math.max(this.position, told.position);
    this.heard.resolve();
  }

  /** Of what was told already nothing is told again. */
  tell(changes: readonly NotedChange[], position: number): void {
    this.position = Math.max(this.position, position);
    for (const { alertId, watchers, position: its } of changes) {
      if (its <= this.taken || !watchers.includes(this.watcher)) continue;
      this.waiting.add(alertId);
      this.heard.resolve();
    }
  }

  /** What there is to tell now; all of it has the same position. */
  take(): Heard[] {
    const { position, beginning } = this;
    const changes = [...this.waiting].map((alertId): Heard => ({ kind: 'alert', position, alertId }));
    this.taken = position;
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
