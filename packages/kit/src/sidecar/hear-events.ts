import type { ServiceBasis } from '../service.js';
import type { DeadLetterStore } from './dead-letters.js';
import type { EventHandler } from './deliveries.js';
import { EventReceiver } from './event-receiver.js';
import { observeEvents } from './observe-events.js';
import type { WaitingEvents } from './waiting-events.js';

export interface Hearing {
  /** By topic. */
  handlers: Record<string, EventHandler>;
  /** The types of all facts that these topics tell. */
  types: readonly string[];
}

export interface HearingStores {
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  /** Resolves when the stores may be used. */
  prepared: Promise<void>;
}

/** Receives events from when the database is up to date until the service stops. */
export function hearEvents(service: ServiceBasis, { handlers, types }: Hearing, stores: HearingStores): EventReceiver {
  const { log, metrics, eventKeys: keys, closers } = service;
  const { waiting, deadLetters } = stores;
  const receiver = new EventReceiver({
    handlers,
    waiting,
    deadLetters,
    keys,
    log,
    heard: observeEvents(metrics, types),
  });
  closers.add(() => receiver.stop());
  void stores.prepared.then(() => receiver.start());
  return receiver;
}
