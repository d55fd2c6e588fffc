import { forAll } from '@cabinet/kit/http/request-context';
import { PeriodicTask } from '@cabinet/kit/periodic-task';

/** What somebody who follows is told; all that is told together has the same position, up to which they then have heard. */
export interface Told {
  /** `open` and `reset`: from now on they hear of everything, and what they see they should read anew now. Others: what has changed. */
  kind: string;
  position: number;
  data: object;
}

/** One who follows what changes: what they have not taken yet waits, once for each thing. */
export abstract class Follower<Change> {
  private readonly waiting = new Map<string, object>();
  private beginning?: 'open' | 'reset';
  private heard = Promise.withResolvers<void>();
  private position = 0;
  /** Up to where all was taken. */
  protected taken = 0;
  isEnded = false;

  /** @param kind of what they are told that has changed */
  constructor(
    private readonly kind: string,
    readonly followedBy: string,
    private readonly onEnd: () => void,
  ) {}

  /** @param waits what is still to be told of the same thing; @returns of which thing, and what is to be told; undefined: nothing */
  protected abstract newsOf(change: Change, waits: (key: string) => object | undefined): [string, object] | undefined;

  begin(beginning: 'open' | 'reset', position: number): void {
    this.beginning = beginning;
    this.position = Math.max(this.position, position);
    this.heard.resolve();
  }

  tell(changes: readonly Change[], position: number): void {
    this.position = Math.max(this.position, position);
    for (const change of changes) {
      const news = this.newsOf(change, (key) => this.waiting.get(key));
      if (!news) continue;
      this.waiting.set(...news);
      this.heard.resolve();
    }
  }

  /** What there is to tell now. */
  take(): Told[] {
    const { position, beginning, kind } = this;
    const changes = [...this.waiting.values()].map((data): Told => ({ kind, position, data }));
    this.taken = position;
    this.waiting.clear();
    this.beginning = undefined;
    if (!this.isEnded) this.heard = Promise.withResolvers();
    return beginning ? [{ kind: beginning, position, data: {} }, ...changes] : changes;
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

const followersMax = 200;
const ofOnePersonMax = 8;
const lookEveryMs = 500;
const failuresMax = 4;
const forgetEveryMs = 15 * 60_000;
/** Changes that one look reads at most. */
export const atOnceMax = 1_000;

/** Why nobody more may follow here. */
export type NoRoom = 'stopping' | 'in-too-many-places' | 'too-many';

/**
 * Those who follow what changes. While somebody does, the process looks in the database twice a second, so each replica hears of what
 * any other did; while nobody does, it looks at nothing.
 * @typeParam Seen up to where it has looked
 */
export abstract class Followers<Change, F extends Follower<Change>, Seen> {
  private readonly followers = new Set<F>();
  private looking?: { task: PeriodicTask; begun: Promise<Seen> };
  private readonly forgetting: PeriodicTask;
  private isStopping = false;

  /** @param forget what changed so long ago that nobody comes back for it */
  constructor(
    private readonly failed: (error: unknown) => void,
    forget: () => Promise<unknown>,
  ) {
    this.forgetting = new PeriodicTask(forget, { everyMs: forgetEveryMs, failed }).start();
  }

  /** Where it begins: what can be seen by now is told to nobody, who reads it. */
  protected abstract find(): Promise<Seen>;

  /** Goes on from there. @returns what has changed, and up to where all of it is told now */
  protected abstract look(seen: Seen): Promise<{ changes: readonly Change[]; position: number }>;

  protected abstract refusal(why: NoRoom): Error;

  /**
   * @param make whoever follows, ended by what it is given
   * @param begin tells them what they missed, or that they are to read everything
   * @throws what `refusal` gives, when nobody more may follow here
   */
  protected async admit(
    followedBy: string,
    make: (leave: () => void) => F,
    begin: (follower: F, seen: Seen) => Promise<void>,
  ): Promise<F> {
    this.assertRoom(followedBy);
    const follower = make(() => this.leave(follower));
    this.followers.add(follower);
    try {
      this.looking ??= this.startLooking();
      await begin(follower, await this.looking.begun);
      return follower;
    } catch (error) {
      follower.end();
      throw error;
    }
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

  private assertRoom(followedBy: string): void {
    if (this.isStopping) throw this.refusal('stopping');
    const own = [...this.followers].filter((each) => each.followedBy === followedBy).length;
    if (own >= ofOnePersonMax) throw this.refusal('in-too-many-places');
    if (this.followers.size >= followersMax) throw this.refusal('too-many');
  }

  private startLooking() {
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

  private async hear(seen: Seen): Promise<void> {
    const { changes, position } = await this.look(seen);
    for (const follower of this.followers) follower.tell(changes, position);
    if (changes.length === atOnceMax) this.wake();
  }

  private leave(follower: F): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    void this.looking?.task.stop();
    this.looking = undefined;
  }
}
