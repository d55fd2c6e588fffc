import { z } from 'zod';
import type { CloudEvent } from './cloud-event.js';

export interface ReceivedEvent extends Pick<CloudEvent, 'id' | 'type' | 'source' | 'traceparent' | 'data'> {
  time?: string;
  partitionkey?: string;
  signature?: string;
}

/** Gives all of the events their effect, or throws and gives none. Events of one partition key are in their order. */
export type EventHandler = (events: ReceivedEvent[]) => Promise<void>;

/** One message of the broker. What is no event has none. */
export interface Delivery {
  entryId: string;
  /** Where the message stands: topic, partition and offset. */
  place: string;
  event?: ReceivedEvent;
}

const envelope = z
  .looseObject({
    id: z.string().min(1).max(200),
    type: z.string().min(1).max(200),
    source: z.string().min(1).max(200),
    time: z.string().max(40).optional(),
    partitionkey: z.string().max(200).optional(),
    signature: z.string().max(200).optional(),
    traceparent: z.string().optional(),
    data: z.unknown(),
  })
  .transform(({ id, type, source, time, partitionkey, signature, traceparent, data }): ReceivedEvent => {
    const event = { id, type, source, time, partitionkey, signature, data };
    // Without tracing in the sidecar an all-zero traceparent arrives, which is no trace.
    return traceparent && !/^00-0{32}/.test(traceparent) ? { ...event, traceparent } : event;
  });

/**
 * What the sidecar sends for a subscription with `bulkSubscribe` and `rawPayload`: the bytes of each message as they stand in
 * the broker. Were it to read them itself, it would go on asking for ever for one that is no JSON, and hold up all others.
 */
export const batchOfDeliveries = z.looseObject({
  entries: z.array(
    z.looseObject({
      entryId: z.string(),
      event: z.string(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readDelivery(entry: z.infer<typeof batchOfDeliveries>['entries'][number], topic: string): Delivery {
  const { __partition: partition = '?', __offset: offset = entry.entryId } = entry.metadata ?? {};
  const place = `${topic}/${partition}/${offset}`;
  try {
    const event = envelope.safeParse(JSON.parse(utf8.decode(Buffer.from(entry.event, 'base64'))));
    return { entryId: entry.entryId, place, event: event.data };
  } catch {
    // Neither UTF-8 nor JSON: told apart from an event by its absence.
    return { entryId: entry.entryId, place };
  }
}
