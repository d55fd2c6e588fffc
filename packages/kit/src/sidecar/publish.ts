import type { DaprClient } from '@dapr/dapr';
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

export function createPublisher(sidecar: SidecarAddress): EventPublisher {
  const connected = connect(sidecar);
  return {
    async publish(topic, event, partitionKey) {
      const client = await connected;
      const { error } = await client.pubsub.publish(eventsComponent, topic, event, {
        contentType: 'application/cloudevents+json',
        metadata: { partitionKey },
      });
      if (error) throw error;
    },
    stop: async () => (await connected).stop(),
  };
}

// Loaded only by whoever publishes: the SDK doubles the memory of a process that never talks to a sidecar.
async function connect(sidecar: SidecarAddress): Promise<DaprClient> {
  const { DaprClient } = await import('@dapr/dapr');
  return new DaprClient({
    daprHost: '127.0.0.1',
    daprPort: String(sidecar.httpPort),
    daprApiToken: sidecar.apiToken,
  });
}
