import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { LRUCache } from 'lru-cache';
import type { AuditEvent } from './chain.js';

const minuteMs = 60_000;
/** More than anybody is refused by mistake. */
const oneByOneMax = 60;
const actorsMax = 5_000;
/** One event has no more people than this, unless one request was about more. */
const subjectsMax = 100;
/** Refusals that say nothing of anybody. Others may (who has the name already, 409), and are always told one by one. */
const saysNothing = new Set([400, 401, 403, 404, 422, 429]);

interface Minute {
  since: number;
  told: number;
  /** The last of those that are not told one by one, with the people of all of them, and how many there are. */
  more?: AuditEvent;
  count: number;
}

/**
 * Whoever is refused again and again would fill the disk with it: of one actor 60 refusals in a minute are recorded one by
 * one, and those beyond as one event that says how many they are.
 */
export class Refusals {
  private readonly actors = new LRUCache<string, Minute>({
    max: actorsMax,
    dispose: (minute, _, reason) => reason === 'evict' && void this.tell(minute),
  });

  constructor(
    private readonly trail: { append(event: AuditEvent): Promise<void> },
    private readonly log: Logger,
    private readonly clock: Clock,
  ) {}

  /** True when the refusal will be told of together with others. */
  areMany(event: AuditEvent): boolean {
    if (!saysNothing.has(event.outcome)) return false;
    const now = this.clock.now().getTime();
    const known = this.actors.get(event.actor);
    const minute = known && now - known.since < minuteMs ? known : { since: now, told: 0, count: 0 };
    if (minute !== known) {
      if (known) void this.tell(known);
      this.actors.set(event.actor, minute);
    }
    if (minute.told < oneByOneMax) {
      minute.told += 1;
      return false;
    }
    if (minute.count === 0) setTimeout(() => void this.tell(minute), minuteMs).unref();
    const subjects = new Set([...(minute.more?.subjects ?? []), ...event.subjects]);
    minute.more = { ...event, subjects: [...subjects].sort() };
    minute.count += 1;
    if (subjects.size >= subjectsMax) void this.tell(minute);
    return true;
  }

  /** Resolves when nothing waits to be told. */
  async tellAll(): Promise<void> {
    await Promise.all([...this.actors.values()].map((minute) => this.tell(minute)));
  }

  private async tell(minute: Minute): Promise<void> {
    const { more, count } = minute;
    if (!more) return;
    minute.more = undefined;
    minute.count = 0;
    try {
      await this.trail.append({ ...more, times: count });
    } catch (error) {
      this.log.error({ err: error, count }, 'refusals are not in the audit trail');
    }
  }
}
