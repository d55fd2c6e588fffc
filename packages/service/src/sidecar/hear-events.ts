import { systemClock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import type { Metrics } from '@cabinet/kit/observe/metrics';
import type { DeadLetterStore } from './dead-letters.js';
import type { EventHandler } from './deliveries.js';
import { EventReceiver } from './event-receiver.js';
import { type FirstHearings, onlyFrom } from './from-now.js';
import { observeEvents } from './observe-events.js';
import type { EventKeys } from './signatures.js';
import type { WaitingEvents } from './waiting-events.js';

export interface Hearing {
  /** By topic. */
  handlers: Record<string, EventHandler>;
  /** The types of all facts that are told on a topic. */
  types(topic: string): readonly string[];
  /** Those of the topics of which only what is told once this service exists is heard; of the others, all that the broker remembers. */
  fromNow?: readonly string[];
}

export interface HearingStores {
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  firstHearings: FirstHearings;
  /** Resolves when the stores may be used. */
  prepared: Promise<void>;
}

/** Receives events from when the database is up to date until the service stops. */
export function hearEvents(
  service: { log: Logger; metrics: Metrics; eventKeys: EventKeys; closers: AsyncDisposableStack },
  hearing: Hearing,
  stores: HearingStores,
): EventReceiver {
  const { log, metrics, eventKeys: keys, closers } = service;
  const { waiting, deadLetters, firstHearings, prepared } = stores;
  const { fromNow = [] } = hearing;
  const types = Object.keys(hearing.handlers).flatMap((topic) => hearing.types(topic));
  const startedAt = systemClock.now();
  const handlers = { ...hearing.handlers };
  for (const topic of fromNow) {
    let known: Date | undefined;
    const since = async () => (known ??= await firstHearings.of(topic, startedAt));
    handlers[topic] = onlyFrom(since, handlers[topic] as EventHandler);
    // Before the first event comes, which may be told while this process is down. Were it to fail, that event keeps it.
    void prepared.then(since).catch((error) => log.warn({ err: error, topic }, 'the first hearing could not be kept'));
  }
  const heard = observeEvents(metrics, types);
  const receiver = new EventReceiver({ handlers, waiting, deadLetters, keys, log, heard });
  closers.defer(() => receiver.stop());
  void prepared.then(() => receiver.start());
  return receiver;
}
