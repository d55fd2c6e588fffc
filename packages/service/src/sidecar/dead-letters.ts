import type { ReceivedEvent } from './deliveries.js';
import type { Failure } from './failures.js';
import type { WaitingEvent } from './waiting-events.js';

/** An event that is kept because its content could not be handled. It carries ids only. */
export interface DeadLetter {
  topic: string;
  /**
   * The event's id. Of one that is not genuine its place in the broker stands before it, as anybody may say any id; of a
   * message that is no event it is the place alone.
   */
  eventId: string;
  /** The event's type, or `unreadable`. */
  type: string;
  partitionKey: string;
  failure: Failure;
  tries: number;
  firstAt: Date;
  lastAt: Date;
  /** Absent where the message was no event. */
  event?: ReceivedEvent;
}

/** Which dead letters are meant; all that is given has to fit. */
export interface DeadLetterFilter {
  topic?: string;
  eventId?: string;
  code?: string;
  type?: string;
  /** Not those that failed for this cause. */
  exceptCause?: Failure['cause'];
}

/** Dead letters that have their type and reason in common. */
export interface DeadLetterReason {
  topic: string;
  type: string;
  failure: Failure;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

export interface DeadLetterStore {
  /** Keeps it, in place of an earlier one of the same event. */
  keep(letter: DeadLetter): Promise<void>;
  /** Oldest first. @param after the last one that was seen: those behind it */
  list(filter: DeadLetterFilter, limit: number, after?: DeadLetter): Promise<DeadLetter[]>;
  /** The most frequent first. */
  reasons(): Promise<DeadLetterReason[]>;
  /**
   * Puts letters among the events that wait, behind those of their keys. What was kept anew since it was listed stays, and so
   * does what waits already: whoever tries it may be about to keep it.
   * @returns how many wait now that did not
   */
  letGo(letters: DeadLetter[], as: Pick<WaitingEvent, 'faults' | 'nextAt'>): Promise<number>;
  /** Removes all that are meant. @returns how many */
  drop(filter: DeadLetterFilter): Promise<number>;
}
