import type { EventHandler } from './deliveries.js';

/** When this service first heard each topic, for as long as its database lives. */
export interface FirstHearings {
  /** @returns when the topic was first heard: `now`, if that is kept nowhere yet, which it is from then on */
  of(topic: string, now: Date): Promise<Date>;
}

/**
 * Leaves out events that are older than the consumer: a new one is brought all that the broker remembers, and one that sends
 * messages to people must not send old ones. Events that come while the consumer is down are not older.
 * @param since when the topic was first heard
 */
export const onlyFrom =
  (since: () => Promise<Date>, handler: EventHandler): EventHandler =>
  async (events) => {
    const first = await since();
    const later = events.filter(({ time }) => time === undefined || new Date(time) >= first);
    if (later.length > 0) await handler(later);
  };
