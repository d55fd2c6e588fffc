import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { noteAbout, noteListed, visibleTo } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import type { Reference } from '../reference.js';
import { assertMaySeeWaiting } from './access.js';
import { WaitingNotFound } from './errors.js';
import type { WaitingFilter, WaitingList } from './ports.js';
import type { Offer, PlaceInLine, Waiting } from './waiting.js';

export interface WaitingState {
  waiting: Waiting;
  /** The last one in front. */
  offers: (Offer & { appointment: Appointment })[];
  /** The agendas by which it is seen, where its wants do not say so any more. */
  seenAsOf?: Waiting['wants'];
}

export class FindWaiting {
  constructor(
    private readonly waiting: WaitingList,
    private readonly clock: Clock,
  ) {}

  /**
   * The entry that a request is about; the trail says whose it is.
   * @throws 404 for one that is none or that the actor may not see, 412 when it is no longer of that version, unless by the
   *   request itself
   */
  async get({ id, version }: Reference, actor: Principal): Promise<WaitingState> {
    const state = await this.state(id);
    noteAbout(state.waiting);
    assertMaySeeWaiting(actor, state.waiting);
    if (version !== undefined && !wasStoredBefore()) assertVersion(version, state.waiting.version);
    return state;
  }

  /**
   * Those that the actor may see, in the order in which they are offered what is free.
   * @throws NotAllowed (403) for somebody else's
   */
  async list(
    filter: WaitingFilter,
    { limit, after }: { limit: number; after?: PlaceInLine },
    actor: Principal,
  ): Promise<Page<Waiting>> {
    const visible = visibleTo(actor, filter);
    const page = toPage(await this.waiting.list(visible, limit, after), limit);
    noteListed(page.items, visible, actor);
    return page;
  }

  /** As it is now, for who may see it. @throws 404 */
  async state(id: string): Promise<WaitingState> {
    await this.waiting.settle(this.clock.now());
    const waiting = await this.waiting.find(id);
    if (!waiting) throw new WaitingNotFound();
    return { waiting, offers: await this.waiting.offersOf(id) };
  }
}
