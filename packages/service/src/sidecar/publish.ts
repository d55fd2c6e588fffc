import { z } from 'zod';
import type { CloudEvent } from './cloud-event.js';
import type { SidecarAddress } from './invoke.js';
import type { EventKeys } from './signatures.js';

/** An event, and the id whose events must stay in order. */
export interface KeyedEvent {
  event: CloudEvent;
  partitionKey: string;
}

export interface EventPublisher {
  /**
   * Hands events to the broker through the sidecar, together. No two of them may have the same partition key: when the
   * broker takes only some, a later one could overtake an earlier one.
   * @returns the ids of those that the broker did not take
   * @throws when it is not known whether any was taken
   */
  publish(topic: string, events: KeyedEvent[]): Promise<string[]>;
  stop(): Promise<void>;
}

/** The pub/sub component's name, the same everywhere (components/events.yaml). */
export const eventsComponent = 'events';

const partlyTaken = z.object({ failedEntries: z.array(z.object({ entryId: z.string() })).min(1) });

// The SDK would do the same at the price of twenty MiB of resident memory a process; see docs/decisions/0005.
export function createPublisher(sidecar: SidecarAddress, keys: EventKeys): EventPublisher {
  const address = `http://127.0.0.1:${sidecar.httpPort}/v1.0/publish/bulk/${eventsComponent}`;
  const headers = {
    'content-type': 'application/json',
    ...(sidecar.apiToken && { 'dapr-api-token': sidecar.apiToken }),
  };
  return {
    async publish(topic, events) {
      const entries = events.map(({ event, partitionKey }) => ({
        entryId: event.id,
        event: toMessage(topic, event, partitionKey, keys),
        contentType: 'application/cloudevents+json',
        metadata: { partitionKey },
      }));
      const response = await fetch(`${address}/${topic}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(entries),
        signal: AbortSignal.timeout(publishMsMax),
      });
      const text = await response.text();
      if (response.ok) return [];
      const refused = partlyTaken.safeParse(parseJson(text));
      if (refused.success) return refused.data.failedEntries.map(({ entryId }) => entryId);
      throw new Error(`the sidecar answered ${response.status} to events for ${topic}`);
    },
    stop: async () => {},
  };
}

function toMessage(topic: string, event: CloudEvent, partitionkey: string, keys: EventKeys) {
  const told = { ...event, partitionkey };
  // Of an event without `traceid` the sidecar would put its own trace in place of ours.
  return { ...told, signature: keys.sign(topic, told), traceid: event.traceparent };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Longest time that the sidecar and the broker may take to accept events. */
const publishMsMax = 10_000;
