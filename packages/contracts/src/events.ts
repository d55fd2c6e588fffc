import type { z } from 'zod';
import { eventSchemas, topics } from './generated/facts.js';

/**
 * What processes tell each other carries ids and what changed, never names, notes or measurements: the receiver asks the
 * owner; but for `readings`, which is measurements and nothing else. Fields are only ever added, and added ones are optional.
 * The schemas stand where they are told, in `src/events/facts.ts` of each service.
 */
export type Topic = keyof typeof topics;

export type EventType = keyof typeof eventSchemas;
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;

/** An event as a union over its type, for handlers that switch on it. */
export type CabinetEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** The types of all facts that are told on a topic. */
export const factTypes = (topic: Topic): EventType[] => Object.keys(topics[topic]) as EventType[];

/** The topics of the services that keep data of patients, and tell what became of them when one is erased. */
export const receiptTopics = (): Topic[] =>
  (Object.keys(topics) as Topic[]).filter((topic) => Object.hasOwn(topics[topic], `${topic}.patient-data-erased`));

const topicOf = Object.fromEntries(
  (Object.keys(topics) as Topic[]).flatMap((topic) => factTypes(topic).map((type) => [type, topic])),
) as Record<EventType, Topic>;

const isKnown = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);

/**
 * Checks a received event against its schema.
 * @returns undefined for a type this version does not know (newer senders may tell more than we handle)
 * @throws ZodError when the type is known and the data does not fit
 */
export function parseEvent(received: { type: string; data: unknown }): CabinetEvent | undefined {
  if (!isKnown(received.type)) return undefined;
  return { type: received.type, data: eventSchemas[received.type].parse(received.data) } as CabinetEvent;
}

/** A fact ready for the outbox, with the topic it is told on; checked before it leaves. */
export function fact<T extends EventType>(type: T, partitionKey: string, data: EventData<T>) {
  return { topic: topicOf[type], type, partitionKey, data: eventSchemas[type].parse(data) };
}
