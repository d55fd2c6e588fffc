import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cabinet/kit/clock';
import { runInContext } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { type Spans, startConsumerSpans } from '@cabinet/kit/observe/tracing';
import type { DeadLetter, DeadLetterFilter, DeadLetterReason, DeadLetterStore } from './dead-letters.js';
import type { Delivery, EventHandler, ReceivedEvent } from './deliveries.js';
import { type Failure, failureOf, storageAway } from './failures.js';
import type { HeardEvents } from './observe-events.js';
import type { EventKeys } from './signatures.js';
import type { WaitingEvent, WaitingEvents } from './waiting-events.js';

export interface EventReceiverParts {
  /** By topic. */
  handlers: Record<string, EventHandler>;
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  keys: EventKeys;
  log: Logger;
  heard?: HeardEvents;
  pauses?: Partial<Pauses>;
}

export interface Replayed {
  /** How many go again. */
  count: number;
  /** How many do not, as they are not signed by whom they name. */
  notGenuine: number;
  /** True when the time was over before all were looked at. */
  more?: true;
}

interface Pauses {
  /** Before the second try, in milliseconds; each further one is twice as long. */
  firstMs: number;
  longestMs: number;
  /** How often to look for what became due elsewhere, in milliseconds. */
  lookMs: number;
  /** How often dead letters go again that may have become good, in milliseconds. */
  againMs: number;
}

const usualPauses: Pauses = { firstMs: 250, longestMs: 30_000, lookMs: 5_000, againMs: 60 * 60_000 };

/** Tries of an event for which nothing was away, before it is a dead letter. */
const faultsMax = 4;
/** Longest time that one process has an event for itself; a handler waits for its neighbours less long than that. */
const leaseMs = 120_000;
/** Keys that are tried again at the same time: one that waits for a slow neighbour holds up few others. */
const keysAtOnce = 8;
/** Few enough that all that is due, of whatever topic, has its turn soon, though each of these takes a time-out. */
const keysInARound = 32;
/** How long events of one key are tried one after the other before others have their turn. */
const turnMs = 30_000;

/**
 * Receives what the sidecar delivers. An event is dead only when its own content cannot be handled; what is away or late is
 * waited for without end, with a growing pause, in order for each partition key and without holding up other keys: events
 * wait in the service's own database. Only while that is away does the sidecar have to bring them again.
 */
export class EventReceiver {
  private readonly pauses: Pauses;
  /** When events are tried again is a matter of this machine, whatever time it is in the practice. */
  private readonly clock = systemClock;
  /** When the next one that this process knows of is due. */
  private nextAt = Number.POSITIVE_INFINITY;
  private readonly stopping = new AbortController();
  private woken = Promise.withResolvers<void>();
  private running: Promise<void> = Promise.resolve();
  /** The codes of what was found to be back in this round. */
  private hurried = new Set<string>();
  /** Leased here, with nobody at work on them, as the database went away meanwhile; and until when. */
  private readonly unfinished: { waiting: WaitingEvent; until: Date }[] = [];

  constructor(private readonly parts: EventReceiverParts) {
    this.pauses = { ...usualPauses, ...parts.pauses };
  }

  get topics(): string[] {
    return Object.keys(this.parts.handlers);
  }

  /** Begins to try again what waits, and what is dead for another reason than its content; needs the database. */
  start(): void {
    this.running = Promise.all([this.tryAgainAndAgain(), this.replayNowAndThen()]).then(() => {});
  }

  /** Lets the tries under way end, for a while; what is given up waits on in the database. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.woken.resolve();
    await Promise.race([this.running, delay(3_000, undefined, { ref: false })]);
  }

  /**
   * Gives events their effect, or puts them where they wait or are kept.
   * @throws when not even that can be done: the whole delivery has to come again
   */
  async receive(topic: string, deliveries: Delivery[]): Promise<void> {
    const events = await this.genuineOnes(topic, deliveries);
    const keysThatWait = await this.parts.waiting.keysThatWait(topic, [...new Set(events.map(keyOf))]);
    const isBehind = (event: ReceivedEvent) => keysThatWait.has(keyOf(event));
    await this.putAside(topic, events.filter(isBehind), behindAnother);
    await this.handleAllOrEach(
      topic,
      events.filter((event) => !isBehind(event)),
    );
  }

  reasons(): Promise<DeadLetterReason[]> {
    return this.parts.deadLetters.reasons();
  }

  deadLetters(filter: DeadLetterFilter, limit: number): Promise<DeadLetter[]> {
    return this.parts.deadLetters.list(filter, limit);
  }

  /** @returns how many dead letters are no longer kept */
  drop(filter: DeadLetterFilter): Promise<number> {
    return this.parts.deadLetters.drop(filter);
  }

  /**
   * Lets dead letters be tried again, behind what waits for their keys; what is no event, or not genuine by the keys that are
   * here now, stays where it is.
   * @param msMax begins with no further part of them after this long, in milliseconds
   */
  async replay(filter: DeadLetterFilter, msMax = Number.POSITIVE_INFINITY): Promise<Replayed> {
    const { deadLetters } = this.parts;
    const began = performance.now();
    const replayed: Replayed = { count: 0, notGenuine: 0 };
    // By what was seen, not by what is left: those that stay would else be all that is ever looked at.
    for (let last: DeadLetter | undefined; ; ) {
      const letters = await deadLetters.list(filter, replayedAtOnce, last);
      const { count, notGenuine } = await this.letGo(letters);
      replayed.count += count;
      replayed.notGenuine += notGenuine;
      last = letters.at(-1);
      if (letters.length < replayedAtOnce || this.stopping.signal.aborted) return replayed;
      if (performance.now() - began > msMax) return { ...replayed, more: true };
    }
  }

  private async letGo(letters: DeadLetter[]): Promise<Replayed> {
    const { deadLetters, keys } = this.parts;
    const nextAt = this.clock.now();
    const isRefused = ({ topic, event }: DeadLetter) => event !== undefined && !keys.isGenuine(topic, event);
    const refused = new Set(letters.filter(isRefused));
    const meant = letters.filter((letter) => letter.event && !refused.has(letter));
    // One more fault, and it is dead again.
    const count = await deadLetters.letGo(meant, { faults: faultsMax - 1, nextAt });
    if (count > 0) this.woken.resolve();
    return { count, notGenuine: refused.size };
  }

  /** What is signed by whom it names; the rest is kept as dead. */
  private async genuineOnes(topic: string, deliveries: Delivery[]): Promise<ReceivedEvent[]> {
    const genuine: ReceivedEvent[] = [];
    for (const delivery of deliveries) {
      const { event } = delivery;
      if (event && this.parts.keys.isGenuine(topic, event)) genuine.push(event);
      else await this.keepRefused(topic, delivery);
    }
    return genuine;
  }

  /** Were it refused itself, the broker would bring it again for ever, and what is behind it never: so that is tried, too. */
  private async keepRefused(topic: string, { event, place }: Delivery): Promise<void> {
    const { deadLetters, log, heard } = this.parts;
    const at = this.clock.now();
    const unreadable = { topic, eventId: place, type: 'unreadable', partitionKey: place, failure: notReadable };
    const bare = { ...unreadable, tries: 1, firstAt: at, lastAt: at };
    const { id, type } = event ?? {};
    const { code } = event ? notGenuine : notReadable;
    log.warn({ event_id: id, event_type: type, topic, place, code }, 'not an event of ours');
    if (!event) return deadLetters.keep(bare);
    heard?.failed(event);
    const eventId = `${place}/${event.id}`;
    const letter = { ...bare, eventId, type: event.type, partitionKey: keyOf(event), failure: notGenuine, event };
    await deadLetters.keep(letter).catch((error) => {
      if (failureOf(error).cause === 'away') throw error;
      log.warn({ err: error, topic, place }, 'what is not an event of ours is kept without its content');
      return deadLetters.keep(bare);
    });
  }

  /**
   * Together, or, when that fails, each by itself: none fails for another's sake, and after one that failed those of its key
   * are not tried. Nor are those of its type when it failed for a neighbour, which would take that one's time-out for each:
   * they go on by themselves. What fails waits from then on, so that a delivery that the sidecar gives up, and brings again,
   * does not begin anew.
   * @throws when the database is away, as then each would fail alike
   */
  private async handleAllOrEach(topic: string, events: ReceivedEvent[]): Promise<void> {
    const [first, ...others] = events;
    if (!first) return;
    try {
      return await this.handle(topic, events);
    } catch (error) {
      if (failureOf(error).code === storageAway) throw error;
      if (others.length === 0) return this.putAside(topic, events, this.noted(topic, first, error), 1);
    }
    const keysThatFailed = new Set<string>();
    const awayFor = new Map<string, Failure>();
    for (const event of events) {
      const untried = keysThatFailed.has(keyOf(event)) ? behindAnother : awayFor.get(event.type);
      const failure = untried ?? (await this.failureOfHandling(topic, event));
      if (!failure) continue;
      keysThatFailed.add(keyOf(event));
      if (isForANeighbour(failure)) awayFor.set(event.type, failure);
      await this.putAside(topic, [event], failure, untried ? 0 : 1);
    }
  }

  private async failureOfHandling(topic: string, event: ReceivedEvent): Promise<Failure | undefined> {
    try {
      await this.handle(topic, [event]);
      return undefined;
    } catch (error) {
      return this.noted(topic, event, error);
    }
  }

  private async putAside(topic: string, events: ReceivedEvent[], failure: Failure, tries = 0): Promise<void> {
    if (events.length === 0) return;
    const now = this.clock.now();
    const nextAt = failure === behindAnother ? now : this.nextTry(now, 1);
    const faults = failure.cause === 'away' ? 0 : tries;
    const rest = { failure, tries, faults, firstAt: now, lastAt: now, nextAt };
    await this.parts.waiting.add(events.map((event) => ({ topic, partitionKey: keyOf(event), event, ...rest })));
    this.isDueAt(nextAt);
    this.woken.resolve();
  }

  private noted(topic: string, event: ReceivedEvent, error: unknown): Failure {
    const failure = failureOf(error);
    const { id, type } = event;
    this.parts.log.warn({ err: error, event_id: id, event_type: type, topic, ...failure }, 'event not handled');
    this.parts.heard?.failed(event);
    return failure;
  }

  private nextTry(now: Date, tries: number): Date {
    const pause = Math.min(this.pauses.firstMs * 2 ** Math.min(tries - 1, 20), this.pauses.longestMs);
    // Between half and the whole of it, so that what failed together does not come again together.
    return new Date(now.getTime() + pause * (0.5 + Math.random() / 2));
  }

  private async tryAgainAndAgain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.tryWhatIsDue().catch((error) => {
        this.parts.log.warn({ err: error }, 'waiting events could not be looked at');
      });
      const untilNext = this.nextAt - this.clock.now().getTime();
      const pause = Math.min(Math.max(untilNext, this.pauses.firstMs / 4), this.pauses.lookMs);
      await Promise.race([this.woken.promise, this.rest(pause)]);
      this.woken = Promise.withResolvers();
    }
  }

  private rest(ms: number): Promise<void> {
    return delay(ms, undefined, { ref: false, signal: this.stopping.signal }).catch(() => {});
  }

  private async tryWhatIsDue(): Promise<void> {
    // Those behind another are due already.
    this.hurried = new Set([behindAnother.code]);
    this.nextAt = Number.POSITIVE_INFINITY;
    await this.giveBack();
    const now = this.clock.now();
    const due = await this.parts.waiting.due(now, keysInARound);
    if (due.length === keysInARound) this.isDueAt(now);
    const left = due.values();
    const work = async () => {
      for (const event of left) if (!this.stopping.signal.aborted) await this.tryKey(event);
    };
    // All of them to their end, or some would go on beside the next round.
    const ended = await Promise.allSettled(Array.from({ length: keysAtOnce }, work));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }

  /** Else nobody would try them before their lease is over, whatever their pause says. */
  private async giveBack(): Promise<void> {
    for (let [first] = this.unfinished; first; [first] = this.unfinished) {
      if (first.until > this.clock.now()) await this.parts.waiting.postpone(first.waiting);
      this.unfinished.shift();
    }
  }

  /** Tries an event and, as long as that helps, those behind it. */
  private async tryKey(due: WaitingEvent): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + leaseMs);
    const turnEnds = new Date(now.getTime() + turnMs);
    for (let next = await this.parts.waiting.lease(due, now, until); next; ) {
      const waiting: WaitingEvent = next;
      next = await this.tryOne(waiting, turnEnds).catch((error) => {
        this.unfinished.push({ waiting, until });
        throw error;
      });
    }
  }

  /** @returns the next of its key, leased too, if it is to be tried now */
  private async tryOne(waited: WaitingEvent, turnEnds: Date): Promise<WaitingEvent | undefined> {
    const { waiting } = this.parts;
    if (this.stopping.signal.aborted || this.clock.now() > turnEnds) {
      await waiting.postpone(waited);
      this.isDueAt(waited.nextAt);
      return undefined;
    }
    const failure = await this.tryOnce(waited);
    if (failure && !(await this.isDeadAfter(waited, failure))) return undefined;
    return waiting.remove(waited);
  }

  private async tryOnce({ topic, event, failure }: WaitingEvent): Promise<Failure | undefined> {
    const failed = await this.failureOfHandling(topic, event);
    if (failed || failure.cause !== 'away' || this.hurried.has(failure.code)) return failed;
    this.hurried.add(failure.code);
    await this.parts.waiting.hurry(failure.code, this.clock.now());
    return undefined;
  }

  /** @returns false when the event waits on */
  private async isDeadAfter(waited: WaitingEvent, failure: Failure): Promise<boolean> {
    const now = this.clock.now();
    const tries = waited.tries + 1;
    const faults = waited.faults + (failure.cause === 'away' ? 0 : 1);
    const tried = { ...waited, failure, tries, faults, lastAt: now };
    if (failure.cause !== 'away' && faults >= faultsMax) {
      const { position: _, ...letter } = tried;
      await this.parts.deadLetters.keep({ ...letter, eventId: waited.event.id, type: waited.event.type });
      return true;
    }
    const nextAt = this.nextTry(now, tries);
    await this.parts.waiting.postpone({ ...tried, nextAt });
    this.isDueAt(nextAt);
    return false;
  }

  private isDueAt(instant: Date): void {
    this.nextAt = Math.min(this.nextAt, instant.getTime());
  }

  /** A newer release, or an operator who mended something, may have made them good. */
  private async replayNowAndThen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.replay({ exceptCause: 'content' }).then(
        ({ count }) => count > 0 && this.parts.log.info({ count }, 'dead letters go again'),
        (error) => this.parts.log.warn({ err: error }, 'dead letters could not be looked at'),
      );
      await this.rest(this.pauses.againMs);
    }
  }

  /** Each event has a span in its own trace; what the handler does belongs to the first event's. */
  private async handle(topic: string, events: ReceivedEvent[]): Promise<void> {
    const handler = this.parts.handlers[topic];
    if (!handler) throw new Error(`nobody handles ${topic}`);
    const spans = startConsumerSpans(events);
    await spans.run(() => runInContext(contextOf(events, spans), () => handler(events)));
    for (const event of events) this.parts.heard?.handled(event);
    const handled = events.map(({ id, type }, index) => ({ id, type, trace_id: spans.traceIds[index] }));
    this.parts.log.info({ events: handled }, 'events handled');
  }
}

const replayedAtOnce = 200;

const behindAnother: Failure = { cause: 'away', code: 'EVENT.BEHIND_ANOTHER' };
/** The service's own database answers at once whether it gives way to somebody else. */
const isForANeighbour = ({ cause, code }: Failure): boolean => cause === 'away' && !code.startsWith('STORAGE.');
const notGenuine: Failure = { cause: 'signature', code: 'EVENT.NOT_GENUINE' };
const notReadable: Failure = { cause: 'content', code: 'EVENT.UNREADABLE' };

const keyOf = ({ partitionkey, id }: ReceivedEvent): string => partitionkey ?? id;

function contextOf([first]: ReceivedEvent[], { traceIds }: Spans) {
  const principal = { id: first?.source ?? '', roles: ['service' as const] };
  return { requestId: first?.id ?? '', traceId: traceIds[0], principal };
}
