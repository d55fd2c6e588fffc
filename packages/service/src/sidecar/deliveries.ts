import { z } from 'zod';
import type { CloudEvent } from './cloud-event.js';

export interface ReceivedEvent extends Pick<CloudEvent, 'id' | 'type' | 'source' | 'traceparent' | 'data'> {
  time?: string;
  partitionkey?: string;
  signature?: string;
}

/** Gives all of the events their effect, or throws and gives none. Events of one partition key are in their order. */
export type EventHandler = (events: ReceivedEvent[]) => Promise<void>;

/** One message of the broker. What is no event, or what a database cannot hold, has none. */
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

/** Far deeper than any fact; who signs and who stores goes down as deep as it is, and has no endless stack. */
const depthMax = 32;

/** NUL and halves of surrogate pairs are JSON, and no text to a database. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (value === null || typeof value !== 'object') return true;
  if (depth === 0) return false;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  return parts.every((each) => isStorable(each, depth - 1));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readDelivery(entry: z.infer<typeof batchOfDeliveries>['entries'][number], topic: string): Delivery {
  const { __partition: partition = '?', __offset: offset = entry.entryId } = entry.metadata ?? {};
  const place = `${topic}/${partition}/${offset}`;
  try {
    const event = envelope.safeParse(JSON.parse(utf8.decode(Buffer.from(entry.event, 'base64'))));
    const isKept = event.data && isStorable(event.data, depthMax);
    return { entryId: entry.entryId, place, event: isKept ? event.data : undefined };
  } catch {
    // Neither UTF-8 nor JSON: told apart from an event by its absence.
    return { entryId: entry.entryId, place };
  }
}
