import { NotFound } from '../errors.js';
import type { EventHandler, ReceivedEvent } from './event-routes.js';

/** An event that could not be handled after all tries, kept until somebody replays it. It carries ids only. */
export interface DeadLetter {
  /** @example "019a8f3e-bbbb-7c55-9b1c-3f1b8f5f2d11" */
  eventId: string;
  /**
   * The process that told it.
   * @example "appointment"
   */
  topic: string;
  /** @example "appointment.booked" */
  type: string;
  /** @isDateTime */
  receivedAt: string;
}

export interface DeadLetterList {
  /** Oldest first, at most 100. */
  items: DeadLetter[];
}

export interface DeadLetterStore {
  keep(event: ReceivedEvent): Promise<void>;
  /** Oldest first, those not yet replayed, at most `limit`. */
  list(limit: number): Promise<DeadLetter[]>;
  find(eventId: string): Promise<ReceivedEvent | undefined>;
  markReplayed(eventId: string): Promise<void>;
}

/** Looks at dead letters and hands them to the same handler again; the inbox keeps a repeat from having effect twice. */
export class DeadLetters {
  constructor(
    private readonly store: DeadLetterStore,
    /** By topic. */
    private readonly handlers: Record<string, EventHandler>,
  ) {}

  keep: EventHandler = async (events) => {
    for (const event of events) await this.store.keep(event);
  };

  async list(): Promise<DeadLetterList> {
    return { items: await this.store.list(100) };
  }

  /** @throws NotFound for an unknown event; whatever the handler throws if it fails again (the letter is then kept). */
  async replay(eventId: string): Promise<void> {
    const event = await this.store.find(eventId);
    const handle = event && this.handlers[topicOf(event)];
    if (!handle) throw new NotFound('EVENTS.NO_SUCH_DEAD_LETTER', 'There is no such dead letter');
    await handle([event]);
    await this.store.markReplayed(eventId);
  }
}

// A process tells everything to the topic of its own name, so the source of an event names its topic.
export const topicOf = (event: Pick<ReceivedEvent, 'source'>): string => event.source;
