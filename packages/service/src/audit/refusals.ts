import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { LRUCache } from 'lru-cache';
import { type AuditEvent, keptFromGuardians } from './chain.js';

const minuteMs = 60_000;
/** More than anybody is refused by mistake. */
const oneByOneMax = 60;
const actorsMax = 5_000;
/** One event has no more people than this, unless one request was about more. */
const subjectsMax = 100;
/** So many kinds of refusals of one actor are told apart; those of others are told by their method alone. */
const kindsMax = 50;
/** Refusals that say nothing of anybody. Others may (who has the name already, 409), and are always told one by one. */
const saysNothing = new Set([400, 401, 403, 404, 422, 429]);

/** Refusals that are told of together: the last of them, with the people of all, and how many there are. */
interface Many {
  event: AuditEvent;
  count: number;
}

interface Minute {
  since: number;
  told: number;
  /** Those that are not told one by one, by what they have in common. */
  more: Map<string, Many>;
}

/**
 * What a line says of all whom it concerns has to be so of each: nobody reads what was tried of others, nor for whom; and what a
 * minor keeps from guardians hides no line but its own.
 */
const kindOf = ({ action, onBehalfOf, purpose, subjects }: AuditEvent): string =>
  JSON.stringify([action, onBehalfOf, purpose, subjects.includes(keptFromGuardians)]);

/** What is so of all refusals by one method; nobody can make many kinds of these. */
const withoutWhatDiffers = (event: AuditEvent): AuditEvent => ({
  ...event,
  action: `${event.action.split(' ', 1)} *`,
  onBehalfOf: undefined,
  purpose: undefined,
});

/**
 * Whoever is refused again and again would fill the disk with it: of one actor 60 refusals in a minute are recorded one by
 * one, and those beyond as one event of each kind that says how many they are. Whoever is refused in ever other ways has no more
 * events by it.
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
    const minute =
      known && now - known.since < minuteMs ? known : { since: now, told: 0, more: new Map<string, Many>() };
    if (minute !== known) {
      if (known) void this.tell(known);
      this.actors.set(event.actor, minute);
    }
    if (minute.told < oneByOneMax) {
      minute.told += 1;
      return false;
    }
    if (minute.more.size === 0) setTimeout(() => void this.tell(minute), minuteMs).unref();
    const isTold = minute.more.has(kindOf(event)) || minute.more.size < kindsMax;
    const told = isTold ? event : withoutWhatDiffers(event);
    const kind = kindOf(told);
    const { event: last, count } = minute.more.get(kind) ?? { event: told, count: 0 };
    const subjects = new Set([...last.subjects, ...event.subjects]);
    minute.more.set(kind, { event: { ...told, subjects: [...subjects].sort() }, count: count + 1 });
    if (subjects.size >= subjectsMax) void this.tell(minute, kind);
    return true;
  }

  /** Resolves when nothing waits to be told. */
  async tellAll(): Promise<void> {
    await Promise.all([...this.actors.values()].map((minute) => this.tell(minute)));
  }

  /** @param kind left out: all */
  private async tell({ more }: Minute, kind?: string): Promise<void> {
    const all = [...more].filter(([each]) => kind === undefined || each === kind);
    for (const [each] of all) more.delete(each);
    for (const [, { event, count }] of all) {
      try {
        await this.trail.append({ ...event, times: count });
      } catch (error) {
        this.log.error({ err: error, count }, 'refusals are not in the audit trail');
      }
    }
  }
}
