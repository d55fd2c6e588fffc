import type { EventHandler } from './deliveries.js';

/** When this service first heard each topic, for as long as its database lives. */
export interface FirstHearings {
  /** @returns when the topic was first heard: `now`, if that is kept nowhere yet, which it is from then on */
  of(topic: string, now: Date): Promise<Date>;
}

/**
 * A new consumer is brought all that the broker remembers. For one who cares for nothing that was told before there was this
 * consumer, as whoever writes to people does; what is told while it is down is heard.
 * @param since when the topic was first heard
 */
export const onlyFrom =
  (since: () => Promise<Date>, handler: EventHandler): EventHandler =>
  async (events) => {
    const first = await since();
    const later = events.filter(({ time }) => time === undefined || new Date(time) >= first);
    if (later.length > 0) await handler(later);
  };
