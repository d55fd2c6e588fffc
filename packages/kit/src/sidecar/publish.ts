import { type SidecarAddress } from './invoke.js';

/** A CloudEvent (1.0) as it goes over the wire; `data` holds ids and changed facts, never a person's data. */
export interface CloudEvent<D = unknown> {
  id: string;
  type: string;
  source: string;
  specversion: '1.0';
  time: string;
  datacontenttype: 'application/json';
  /** The version of the event's schema. */
  dataschema?: string;
  traceparent?: string;
  data: D;
}

export interface EventPublisher {
  /**
   * Hands an event to the broker through the sidecar. Events with the same `partitionKey` keep their order.
   * @throws when the sidecar or the broker did not take it.
   */
  publish(topic: string, event: CloudEvent, partitionKey: string): Promise<void>;
  stop(): Promise<void>;
}

/** The pub/sub component's name, the same everywhere (components/events.yaml). */
export const eventsComponent = 'events';

// The SDK would do the same at the price of twenty MiB of resident memory a process; see docs/decisions/0005.
export function createPublisher(sidecar: SidecarAddress): EventPublisher {
  return {
    async publish(topic, event, partitionKey) {
      const address = `http://127.0.0.1:${sidecar.httpPort}/v1.0/publish/${eventsComponent}/${topic}`;
      const response = await fetch(`${address}?${new URLSearchParams({ 'metadata.partitionKey': partitionKey })}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json',
          ...(sidecar.apiToken && { 'dapr-api-token': sidecar.apiToken }),
        },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(publishMsMax),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the sidecar answered ${response.status} to an event for ${topic}`);
    },
    stop: async () => {},
  };
}

/** Longest time that the sidecar and the broker may take to accept one event. */
const publishMsMax = 10_000;
