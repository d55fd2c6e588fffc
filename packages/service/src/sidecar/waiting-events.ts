import type { ReceivedEvent } from './deliveries.js';
import type { Failure } from './failures.js';

/** An event that was received and could not be handled yet. */
export interface WaitingEvent {
  topic: string;
  /** Events of one key have their effect in their order, so those behind wait too. */
  partitionKey: string;
  event: ReceivedEvent;
  failure: Failure;
  /** All tries so far. */
  tries: number;
  /** Those of them that failed for another reason than that something was away. */
  faults: number;
  firstAt: Date;
  lastAt: Date;
  nextAt: Date;
  /** Which time it waits, by the store: it may have been dead, and wait anew, since somebody began with it. */
  position?: string;
}

/** Where events wait, in the service's own database, so that they outlive the process. */
export interface WaitingEvents {
  /** Those of these keys for which something waits. */
  keysThatWait(topic: string, keys: string[]): Promise<Set<string>>;
  /** Puts events at the end of their keys, in their order; those that wait already stay where they are. */
  add(events: WaitingEvent[]): Promise<void>;
  /** The first of each key whose next try is due and that nobody tries at the moment; the longest due first. */
  due(now: Date, limit: number): Promise<WaitingEvent[]>;
  /**
   * Lets one process alone try an event until then.
   * @returns it as it stands now; none when another process tries it, has put it off or is done with it, though it waits anew
   */
  lease(event: WaitingEvent, now: Date, until: Date): Promise<WaitingEvent | undefined>;
  /** Ends its waiting, of this time alone. @returns the next of its key, which the lease goes over to, if another process has it not */
  remove(event: WaitingEvent): Promise<WaitingEvent | undefined>;
  /** Keeps what the event says of its tries, unless it waits anew, and lets it be tried again when it is due. */
  postpone(event: WaitingEvent): Promise<void>;
  /** Makes all due that wait for what has just been there again. */
  hurry(code: string, now: Date): Promise<void>;
}
