import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { DeadLetterReplay, type Replayed } from './dead-letter-replay.js';
import type { DeadLetterFilter, DeadLetterStore } from './dead-letters.js';
import type { Delivery, EventHandler, ReceivedEvent } from './deliveries.js';
import { EventHandling, keyOf } from './event-handling.js';
import { behindAnother, EventsThatWait, type Pauses } from './events-that-wait.js';
import { type Failure, failureOf, storageAway } from './failures.js';
import type { HeardEvents } from './observe-events.js';
import type { EventKeys } from './signatures.js';
import type { WaitingEvents } from './waiting-events.js';

export interface EventReceiverParts {
  /** By topic. */
  handlers: Record<string, EventHandler>;
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  keys: EventKeys;
  log: Logger;
  heard?: HeardEvents;
  /** And how often dead letters go again that may have become good, in milliseconds. */
  pauses?: Partial<Pauses> & { againMs?: number };
}

/** How long the tries under way may take to end when the service stops, in milliseconds. */
const stopMsMax = 3_000;

/**
 * Receives what the sidecar delivers. An event is dead only when its own content cannot be handled; what is away or late is
 * waited for without end, with a growing pause, in order for each partition key and without holding up other keys: events
 * wait in the service's own database. Only while that is away does the sidecar have to bring them again.
 */
export class EventReceiver {
  private readonly handling: EventHandling;
  private readonly waiting: EventsThatWait;
  private readonly replaying: DeadLetterReplay;

  constructor(private readonly parts: EventReceiverParts) {
    const { handlers, deadLetters, keys, log, heard, pauses } = parts;
    this.handling = new EventHandling(handlers, log, heard);
    this.waiting = new EventsThatWait({ handling: this.handling, waiting: parts.waiting, deadLetters, log, pauses });
    this.replaying = new DeadLetterReplay({ deadLetters, waiting: this.waiting, keys, log, againMs: pauses?.againMs });
  }

  get topics(): string[] {
    return Object.keys(this.parts.handlers);
  }

  /** Begins to try again what waits, and what is dead for another reason than its content; needs the database. */
  start(): void {
    this.waiting.start();
    this.replaying.start();
  }

  /** Lets the tries under way end, for a while; what is given up waits on in the database. */
  async stop(): Promise<void> {
    const ended = Promise.all([this.waiting.stop(), this.replaying.stop()]);
    await Promise.race([ended, delay(stopMsMax, undefined, { ref: false })]);
  }

  /**
   * Gives events their effect, or puts them where they wait or are kept.
   * @throws when not even that can be done: the whole delivery has to come again
   */
  async receive(topic: string, deliveries: Delivery[]): Promise<void> {
    const events = await this.genuineOnes(topic, deliveries);
    const keysThatWait = await this.waiting.keysThatWait(topic, [...new Set(events.map(keyOf))]);
    const isBehind = (event: ReceivedEvent) => keysThatWait.has(keyOf(event));
    await this.waiting.putAside(topic, events.filter(isBehind), behindAnother);
    await this.handleAllOrEach(
      topic,
      events.filter((event) => !isBehind(event)),
    );
  }

  /** As DeadLetterReplay does. */
  replay(filter: DeadLetterFilter, msMax?: number): Promise<Replayed> {
    return this.replaying.replay(filter, msMax);
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
    const at = systemClock.now();
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
      return await this.handling.handle(topic, events);
    } catch (error) {
      if (failureOf(error).code === storageAway) throw error;
      if (others.length === 0) return this.waiting.putAside(topic, events, this.handling.noted(topic, first, error), 1);
    }
    const keysThatFailed = new Set<string>();
    const awayFor = new Map<string, Failure>();
    for (const event of events) {
      const untried = keysThatFailed.has(keyOf(event)) ? behindAnother : awayFor.get(event.type);
      const failure = untried ?? (await this.handling.failureOf(topic, event));
      if (!failure) continue;
      keysThatFailed.add(keyOf(event));
      if (isForANeighbour(failure)) awayFor.set(event.type, failure);
      await this.waiting.putAside(topic, [event], failure, untried ? 0 : 1);
    }
  }
}

/** The service's own database answers at once whether it gives way to somebody else. */
const isForANeighbour = ({ cause, code }: Failure): boolean => cause === 'away' && !code.startsWith('STORAGE.');
const notGenuine: Failure = { cause: 'signature', code: 'EVENT.NOT_GENUINE' };
const notReadable: Failure = { cause: 'content', code: 'EVENT.UNREADABLE' };
